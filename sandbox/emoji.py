"""The emoji that the workspace knows by name: common ones, in Slack's short names."""

_NAMES = """
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|ok_hand 👌|wave 👋|raised_hands 🙌|clap 👏|pray 🙏
muscle 💪|point_up ☝️|point_up_2 👆|point_down 👇|point_left 👈|point_right 👉
raised_hand ✋|hand ✋|fist ✊|facepunch 👊|punch 👊|v ✌️|crossed_fingers 🤞|handshake 🤝
writing_hand ✍️|eyes 👀|eye 👁️|brain 🧠|ear 👂|lips 👄|baby 👶|man 👨|woman 👩|cop 👮
construction_worker 👷|detective 🕵️|firefighter 🧑‍🚒|technologist 🧑‍💻|scientist 🧑‍🔬
mechanic 🧑‍🔧|facepalm 🤦|shrug 🤷|bow 🙇|raising_hand 🙋|no_good 🙅|grinning 😀|smiley 😃
smile 😄|grin 😁|laughing 😆|satisfied 😆|sweat_smile 😅|joy 😂
rolling_on_the_floor_laughing 🤣|slightly_smiling_face 🙂|upside_down_face 🙃|wink 😉
blush 😊|innocent 😇|heart_eyes 😍|star-struck 🤩|kissing_heart 😘|yum 😋
stuck_out_tongue 😛|zany_face 🤪|hugging_face 🤗|thinking_face 🤔|zipper_mouth_face 🤐
neutral_face 😐|expressionless 😑|no_mouth 😶|smirk 😏|unamused 😒|face_with_rolling_eyes 🙄
grimacing 😬|relieved 😌|pensive 😔|sleepy 😪|sleeping 😴|mask 😷|face_with_thermometer 🤒
face_with_head_bandage 🤕|nauseated_face 🤢|hot_face 🥵|cold_face 🥶|dizzy_face 😵
exploding_head 🤯|partying_face 🥳|sunglasses 😎|nerd_face 🤓|confused 😕|worried 😟
slightly_frowning_face 🙁|open_mouth 😮|astonished 😲|flushed 😳|pleading_face 🥺|fearful 😨
cold_sweat 😰|cry 😢|sob 😭|scream 😱|disappointed 😞|sweat 😓|weary 😩|tired_face 😫
yawning_face 🥱|triumph 😤|rage 😡|angry 😠|skull 💀|hankey 💩|poop 💩|clown_face 🤡
ghost 👻|alien 👽|robot_face 🤖|see_no_evil 🙈|hear_no_evil 🙉|speak_no_evil 🙊|heart ❤️
orange_heart 🧡|yellow_heart 💛|green_heart 💚|blue_heart 💙|purple_heart 💜|black_heart 🖤
broken_heart 💔|100 💯|anger 💢|boom 💥|collision 💥|dizzy 💫|sweat_drops 💦|dash 💨|zzz 💤
speech_balloon 💬|thought_balloon 💭|dog 🐶|cat 🐱|mouse 🐭|fox_face 🦊|bear 🐻
panda_face 🐼|frog 🐸|monkey_face 🐵|chicken 🐔|penguin 🐧|bird 🐦|duck 🦆|owl 🦉
unicorn_face 🦄|bee 🐝|bug 🐛|ant 🐜|beetle 🪲|butterfly 🦋|snail 🐌|turtle 🐢|snake 🐍
octopus 🐙|whale 🐳|dolphin 🐬|fish 🐟|shark 🦈|crocodile 🐊|elephant 🐘|rabbit 🐰|dragon 🐉
t-rex 🦖|cactus 🌵|evergreen_tree 🌲|seedling 🌱|herb 🌿|four_leaf_clover 🍀|mushroom 🍄
rose 🌹|sunflower 🌻|earth_africa 🌍|earth_americas 🌎|earth_asia 🌏|full_moon 🌕
crescent_moon 🌙|sunny ☀️|star ⭐|star2 🌟|sparkles ✨|cloud ☁️|partly_sunny ⛅
rain_cloud 🌧️|thunder_cloud_and_rain ⛈️|lightning 🌩️|zap ⚡|snowflake ❄️|snowman ⛄|fire 🔥
droplet 💧|ocean 🌊|rainbow 🌈|umbrella ☔|apple 🍎|banana 🍌|lemon 🍋|pizza 🍕|hamburger 🍔
taco 🌮|popcorn 🍿|cookie 🍪|cake 🍰|birthday 🎂|doughnut 🍩|coffee ☕|tea 🍵|beer 🍺
beers 🍻|wine_glass 🍷|champagne 🍾|cocktail 🍸|soccer ⚽|basketball 🏀|dart 🎯|bowling 🎳
video_game 🎮|game_die 🎲|jigsaw 🧩|trophy 🏆|medal 🎖️|first_place_medal 🥇
second_place_medal 🥈|third_place_medal 🥉|art 🎨|guitar 🎸|musical_note 🎵|microphone 🎤
headphones 🎧|clapper 🎬|tada 🎉|confetti_ball 🎊|balloon 🎈|gift 🎁|ribbon 🎀
crystal_ball 🔮|rocket 🚀|airplane ✈️|helicopter 🚁|car 🚗|taxi 🚕|bus 🚌|ambulance 🚑
fire_engine 🚒|police_car 🚓|truck 🚚|tractor 🚜|bike 🚲|ship 🚢|sailboat ⛵|anchor ⚓
construction 🚧|rotating_light 🚨|traffic_light 🚥|vertical_traffic_light 🚦|fuelpump ⛽
world_map 🗺️|mountain ⛰️|volcano 🌋|tent ⛺|house 🏠|office 🏢|hospital 🏥|bank 🏦
factory 🏭|bridge_at_night 🌉|statue_of_liberty 🗽|hourglass ⌛|hourglass_flowing_sand ⏳
watch ⌚|alarm_clock ⏰|stopwatch ⏱️|timer_clock ⏲️|clock1 🕐|clock3 🕒|clock6 🕕|clock9 🕘
clock12 🕛|iphone 📱|phone ☎️|telephone ☎️|telephone_receiver 📞|pager 📟|fax 📠|battery 🔋
electric_plug 🔌|computer 💻|desktop_computer 🖥️|printer 🖨️|keyboard ⌨️|floppy_disk 💾|cd 💿
dvd 📀|camera 📷|movie_camera 🎥|tv 📺|mag 🔍|mag_right 🔎|bulb 💡|flashlight 🔦|candle 🕯️
book 📖|books 📚|notebook 📓|ledger 📒|page_facing_up 📄|page_with_curl 📃|scroll 📜
newspaper 📰|bookmark 🔖|bookmark_tabs 📑|label 🏷️|moneybag 💰|dollar 💵|credit_card 💳
receipt 🧾|chart 💹|email ✉️|envelope ✉️|envelope_with_arrow 📩|incoming_envelope 📨
inbox_tray 📥|outbox_tray 📤|package 📦|mailbox 📫|ballot_box_with_ballot 🗳️|pencil 📝
memo 📝|pencil2 ✏️|black_nib ✒️|briefcase 💼|file_folder 📁|open_file_folder 📂|date 📅
calendar 📆|spiral_calendar_pad 🗓️|card_index 📇|chart_with_upwards_trend 📈
chart_with_downwards_trend 📉|bar_chart 📊|clipboard 📋|pushpin 📌|round_pushpin 📍
paperclip 📎|straight_ruler 📏|scissors ✂️|file_cabinet 🗄️|wastebasket 🗑️|lock 🔒|unlock 🔓
closed_lock_with_key 🔐|key 🔑|hammer 🔨|axe 🪓|hammer_and_wrench 🛠️|shield 🛡️|wrench 🔧
nut_and_bolt 🔩|gear ⚙️|scales ⚖️|link 🔗|chains ⛓️|toolbox 🧰|magnet 🧲|test_tube 🧪
microscope 🔬|telescope 🔭|satellite_antenna 📡|syringe 💉|pill 💊|adhesive_bandage 🩹
stethoscope 🩺|door 🚪|bed 🛏️|toilet 🚽|soap 🧼|sponge 🧽|fire_extinguisher 🧯
shopping_trolley 🛒|warning ⚠️|children_crossing 🚸|no_entry ⛔|no_entry_sign 🚫
radioactive_sign ☢️|biohazard_sign ☣️|arrow_up ⬆️|arrow_down ⬇️|arrow_left ⬅️|arrow_right ➡️
arrow_upper_right ↗️|arrow_lower_right ↘️|arrows_counterclockwise 🔄|arrows_clockwise 🔃
repeat 🔁|back 🔙|end 🔚|on 🔛|soon 🔜|top 🔝|recycle ♻️|trident 🔱|name_badge 📛
white_check_mark ✅|ballot_box_with_check ☑️|heavy_check_mark ✔️|x ❌
negative_squared_cross_mark ❎|heavy_plus_sign ➕|heavy_minus_sign ➖
heavy_multiplication_x ✖️|bangbang ‼️|interrobang ⁉️|question ❓|grey_question ❔
exclamation ❗|heavy_exclamation_mark ❗|grey_exclamation ❕|information_source ℹ️
copyright ©️|registered ®️|tm ™️|hash #️⃣|zero 0️⃣|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣
five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|keycap_ten 🔟|1234 🔢|abc 🔤|a 🅰️|b 🅱️|new 🆕
ok 🆗|cool 🆒|free 🆓|up 🆙|vs 🆚|sos 🆘|id 🆔|parking 🅿️|fast_forward ⏩|rewind ⏪
arrow_forward ▶️|arrow_backward ◀️|double_vertical_bar ⏸️|black_square_for_stop ⏹️
black_circle_for_record ⏺️|loud_sound 🔊|mute 🔇|loudspeaker 📢|mega 📣|bell 🔔|no_bell 🔕
red_circle 🔴|large_orange_circle 🟠|large_yellow_circle 🟡|large_green_circle 🟢
large_blue_circle 🔵|large_purple_circle 🟣|large_brown_circle 🟤|white_circle ⚪
black_circle ⚫|large_red_square 🟥|large_orange_square 🟧|large_yellow_square 🟨
large_green_square 🟩|large_blue_square 🟦|large_purple_square 🟪|white_large_square ⬜
black_large_square ⬛|small_red_triangle 🔺|small_red_triangle_down 🔻
small_orange_diamond 🔸|small_blue_diamond 🔹|large_orange_diamond 🔶|large_blue_diamond 🔷
radio_button 🔘|checkered_flag 🏁|triangular_flag_on_post 🚩|crossed_flags 🎌
waving_white_flag 🏳️|waving_black_flag 🏴|rainbow-flag 🏳️‍🌈|pirate_flag 🏴‍☠️|stop_sign 🛑
octagonal_sign 🛑|busts_in_silhouette 👥|bust_in_silhouette 👤
speaking_head_in_silhouette 🗣️|footprints 👣|crown 👑|gem 💎|bomb 💣|knife 🔪|firecracker 🧨
dove_of_peace 🕊️|wheel_of_dharma ☸️|whale2 🐋|snow_cloud 🌨️|fog 🌫️
"""  # noqa: RUF001 - some emoji look like letters
EMOJI = dict(
    entry.rsplit(" ", 1) for line in _NAMES.strip().splitlines() for entry in line.split("|")
)
