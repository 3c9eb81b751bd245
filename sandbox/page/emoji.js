// The emoji that the page knows by the names Slack gives them.

const NAMES = `
grinning 😀 smiley 😃 smile 😄 grin 😁 laughing 😆 satisfied 😆 sweat_smile 😅 joy 😂 rofl 🤣 rolling_on_the_floor_laughing 🤣
slightly_smiling_face 🙂 upside_down_face 🙃 wink 😉 blush 😊 innocent 😇 heart_eyes 😍 star-struck 🤩 kissing_heart 😘
relaxed ☺️ yum 😋 stuck_out_tongue 😛 stuck_out_tongue_winking_eye 😜 hugging_face 🤗 thinking_face 🤔 neutral_face 😐
expressionless 😑 no_mouth 😶 smirk 😏 unamused 😒 face_with_rolling_eyes 🙄 grimacing 😬 relieved 😌 pensive 😔 sleepy 😪
sleeping 😴 mask 😷 nauseated_face 🤢 dizzy_face 😵 exploding_head 🤯 sunglasses 😎 nerd_face 🤓 confused 😕 worried 😟
slightly_frowning_face 🙁 white_frowning_face ☹️ open_mouth 😮 hushed 😯 astonished 😲 flushed 😳 fearful 😨 cold_sweat 😰
disappointed 😞 disappointed_relieved 😥 cry 😢 sob 😭 scream 😱 sweat 😓 weary 😩 tired_face 😫 triumph 😤 rage 😡 angry 😠
skull 💀 ghost 👻 alien 👽 robot_face 🤖 hankey 💩 poop 💩 clown_face 🤡 melting_face 🫠 saluting_face 🫡 partying_face 🥳
see_no_evil 🙈 hear_no_evil 🙉 speak_no_evil 🙊 wave 👋 raised_hand ✋ hand ✋ ok_hand 👌 v ✌️ crossed_fingers 🤞 point_left 👈
point_right 👉 point_up ☝️ point_up_2 👆 point_down 👇 +1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 fist ✊ facepunch 👊 punch 👊
clap 👏 raised_hands 🙌 open_hands 👐 handshake 🤝 pray 🙏 writing_hand ✍️ muscle 💪 eyes 👀 eye 👁️ brain 🧠 ear 👂 nose 👃
lips 👄 tongue 👅 baby 👶 man 👨 woman 👩 adult 🧑 shrug 🤷 man-shrugging 🤷‍♂️ woman-shrugging 🤷‍♀️ facepalm 🤦 man-facepalming 🤦‍♂️
woman-facepalming 🤦‍♀️ firefighter 🧑‍🚒 male-firefighter 👨‍🚒 female-firefighter 👩‍🚒 technologist 🧑‍💻 male-technologist 👨‍💻
female-technologist 👩‍💻 construction_worker 👷 detective 🕵️ sleuth_or_spy 🕵️ cop 👮 ninja 🥷 superhero 🦸 mage 🧙 runner 🏃 running 🏃
walking 🚶 bow 🙇 raising_hand 🙋 no_good 🙅 ok_woman 🙆 busts_in_silhouette 👥 bust_in_silhouette 👤 speaking_head_in_silhouette 🗣️
heart ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚 blue_heart 💙 purple_heart 💜 black_heart 🖤 white_heart 🤍 broken_heart 💔
sparkling_heart 💖 two_hearts 💕 100 💯 anger 💢 boom 💥 collision 💥 dizzy 💫 sweat_drops 💦 dash 💨 hole 🕳️ bomb 💣 speech_balloon 💬
thought_balloon 💭 zzz 💤 fire 🔥 sparkles ✨ star ⭐ star2 🌟 zap ⚡ sunny ☀️ cloud ☁️ rain_cloud 🌧️ thunder_cloud_and_rain ⛈️ snowflake ❄️
snowman ⛄ ocean 🌊 droplet 💧 rainbow 🌈 umbrella ☔ tornado 🌪️ earth_africa 🌍 earth_americas 🌎 earth_asia 🌏 globe_with_meridians 🌐
moon 🌔 new_moon 🌑 full_moon 🌕 seedling 🌱 evergreen_tree 🌲 palm_tree 🌴 cactus 🌵 four_leaf_clover 🍀 rose 🌹 sunflower 🌻 tulip 🌷
dog 🐶 cat 🐱 mouse 🐭 rabbit 🐰 fox_face 🦊 bear 🐻 panda_face 🐼 tiger 🐯 lion_face 🦁 cow 🐮 pig 🐷 monkey_face 🐵 chicken 🐔 penguin 🐧
bird 🐦 eagle 🦅 duck 🦆 owl 🦉 unicorn_face 🦄 bee 🐝 bug 🐛 butterfly 🦋 snail 🐌 turtle 🐢 snake 🐍 octopus 🐙 crab 🦀 whale 🐳 dolphin 🐬
shark 🦈 elephant 🐘 goat 🐐 sloth 🦥 canary 🐤 hatching_chick 🐣 apple 🍎 banana 🍌 lemon 🍋 strawberry 🍓 cherries 🍒 peach 🍑 tomato 🍅
avocado 🥑 bread 🍞 cheese_wedge 🧀 hamburger 🍔 pizza 🍕 taco 🌮 burrito 🌯 sushi 🍣 popcorn 🍿 doughnut 🍩 cookie 🍪 cake 🍰 birthday 🎂
coffee ☕ tea 🍵 beer 🍺 beers 🍻 wine_glass 🍷 cocktail 🍸 champagne 🍾 salt 🧂 soccer ⚽ basketball 🏀 dart 🎯 trophy 🏆 medal 🏅
first_place_medal 🥇 second_place_medal 🥈 third_place_medal 🥉 video_game 🎮 game_die 🎲 jigsaw 🧩 art 🎨 musical_note 🎵 guitar 🎸
movie_camera 🎥 camera 📷 tada 🎉 confetti_ball 🎊 balloon 🎈 gift 🎁 ribbon 🎀 christmas_tree 🎄 jack_o_lantern 🎃 fireworks 🎆 car 🚗
bus 🚌 ambulance 🚑 fire_engine 🚒 police_car 🚓 truck 🚚 tractor 🚜 bike 🚲 train 🚋 airplane ✈️ helicopter 🚁 rocket 🚀 ship 🚢 boat ⛵
anchor ⚓ construction 🚧 vertical_traffic_light 🚦 traffic_light 🚥 octagonal_sign 🛑 stop_sign 🛑 fuelpump ⛽ checkered_flag 🏁
triangular_flag_on_post 🚩 crossed_flags 🎌 waving_white_flag 🏳️ waving_black_flag 🏴 house 🏠 office 🏢 hospital 🏥 bank 🏦 school 🏫
factory 🏭 tent ⛺ bridge_at_night 🌉 hourglass ⌛ hourglass_flowing_sand ⏳ watch ⌚ alarm_clock ⏰ stopwatch ⏱️ timer_clock ⏲️ clock1 🕐
clock3 🕒 clock6 🕕 clock9 🕘 clock12 🕛 iphone 📱 telephone ☎️ phone ☎️ telephone_receiver 📞 pager 📟 fax 📠 battery 🔋 electric_plug 🔌
computer 💻 desktop_computer 🖥️ printer 🖨️ keyboard ⌨️ floppy_disk 💾 cd 💿 tv 📺 radio 📻 satellite 🛰️ satellite_antenna 📡 bulb 💡
flashlight 🔦 candle 🕯️ wastebasket 🗑️ moneybag 💰 dollar 💵 euro 💶 credit_card 💳 gem 💎 wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️
nut_and_bolt 🔩 gear ⚙️ chains ⛓️ link 🔗 magnet 🧲 toolbox 🧰 gun 🔫 shield 🛡️ door 🚪 bed 🛏️ key 🔑 old_key 🗝️ lock 🔒 unlock 🔓
closed_lock_with_key 🔐 lock_with_ink_pen 🔏 bell 🔔 no_bell 🔕 loudspeaker 📢 mega 📣 postal_horn 📯 microphone 🎤 mag 🔍 mag_right 🔎
microscope 🔬 telescope 🔭 test_tube 🧪 petri_dish 🧫 dna 🧬 syringe 💉 pill 💊 adhesive_bandage 🩹 stethoscope 🩺 thermometer 🌡️
email 📧 e-mail 📧 envelope ✉️ incoming_envelope 📨 inbox_tray 📥 outbox_tray 📤 package 📦 mailbox 📫 postbox 📮 pencil 📝 memo 📝
pencil2 ✏️ black_nib ✒️ lower_left_fountain_pen 🖋️ file_folder 📁 open_file_folder 📂 card_index_dividers 🗂️ date 📅 calendar 📆
spiral_calendar_pad 🗓️ card_index 📇 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊 clipboard 📋 pushpin 📌
round_pushpin 📍 paperclip 📎 linked_paperclips 🖇️ straight_ruler 📏 triangular_ruler 📐 scissors ✂️ card_file_box 🗃️ file_cabinet 🗄️
books 📚 book 📖 notebook 📓 ledger 📒 page_facing_up 📄 page_with_curl 📃 scroll 📜 newspaper 📰 bookmark 🔖 bookmark_tabs 📑 label 🏷️
warning ⚠️ no_entry ⛔ no_entry_sign 🚫 x ❌ negative_squared_cross_mark ❎ o ⭕ white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️
heavy_plus_sign ➕ heavy_minus_sign ➖ heavy_multiplication_x ✖️ question ❓ grey_question ❔ exclamation ❗ heavy_exclamation_mark ❗
grey_exclamation ❕ bangbang ‼️ interrobang ⁉️ radioactive_sign ☢️ biohazard_sign ☣️ recycle ♻️ infinity ♾️ sos 🆘 new 🆕 free 🆓 up 🆙
cool 🆒 ok 🆗 ng 🆖 information_source ℹ️ m Ⓜ️ parking 🅿️ red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢
large_blue_circle 🔵 large_purple_circle 🟣 large_brown_circle 🟤 black_circle ⚫ white_circle ⚪ large_red_square 🟥 large_orange_square 🟧
large_yellow_square 🟨 large_green_square 🟩 large_blue_square 🟦 large_purple_square 🟪 black_large_square ⬛ white_large_square ⬜
small_red_triangle 🔺 small_red_triangle_down 🔻 small_orange_diamond 🔸 small_blue_diamond 🔹 large_orange_diamond 🔶 large_blue_diamond 🔷
radio_button 🔘 arrow_up ⬆️ arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️ arrow_upper_right ↗️ arrow_lower_right ↘️ left_right_arrow ↔️
arrows_counterclockwise 🔄 arrows_clockwise 🔃 arrow_forward ▶️ arrow_backward ◀️ fast_forward ⏩ rewind ⏪ double_vertical_bar ⏸️
black_square_for_stop ⏹️ back 🔙 end 🔚 on 🔛 soon 🔜 top 🔝 repeat 🔁 one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣
nine 9️⃣ zero 0️⃣ keycap_ten 🔟 hash #️⃣ 1234 🔢 abc 🔤 flag-de 🇩🇪 de 🇩🇪 flag-us 🇺🇸 us 🇺🇸 flag-gb 🇬🇧 gb 🇬🇧 uk 🇬🇧 flag-fr 🇫🇷 fr 🇫🇷
flag-es 🇪🇸 flag-it 🇮🇹 flag-jp 🇯🇵 jp 🇯🇵 flag-eu 🇪🇺 flag-nl 🇳🇱 flag-pl 🇵🇱 flag-in 🇮🇳 flag-ca 🇨🇦 flag-br 🇧🇷 crystal_ball 🔮 fox 🦊
mending_heart ❤️‍🩹 broom 🧹 bucket 🪣 fire_extinguisher 🧯 sponge 🧽 soap 🧼 safety_pin 🧷 receipt 🧾 abacus 🧮 compass 🧭 world_map 🗺️
crown 👑 tophat 🎩 mortar_board 🎓 helmet_with_white_cross ⛑️ briefcase 💼 handbag 👜 eyeglasses 👓 goggles 🥽 lab_coat 🥼 safety_vest 🦺
scientist 🧑‍🔬 mechanic 🧑‍🔧 zany_face 🤪 zipper_mouth_face 🤐 face_with_thermometer 🤒 face_with_head_bandage 🤕 hot_face 🥵
cold_face 🥶 pleading_face 🥺 yawning_face 🥱 frog 🐸 ant 🐜 beetle 🪲 fish 🐟 crocodile 🐊 dragon 🐉 t-rex 🦖 herb 🌿 mushroom 🍄
crescent_moon 🌙 partly_sunny ⛅ lightning 🌩️ bowling 🎳 headphones 🎧 clapper 🎬 taxi 🚕 sailboat ⛵ rotating_light 🚨 mountain ⛰️
volcano 🌋 statue_of_liberty 🗽 dvd 📀 chart 💹 envelope_with_arrow 📩 ballot_box_with_ballot 🗳️ axe 🪓 scales ⚖️ toilet 🚽
shopping_trolley 🛒 children_crossing 🚸 trident 🔱 name_badge 📛 copyright ©️ registered ®️ tm ™️ a 🅰️ b 🅱️ vs 🆚 id 🆔
black_circle_for_record ⏺️ loud_sound 🔊 mute 🔇 rainbow-flag 🏳️‍🌈 pirate_flag 🏴‍☠️ footprints 👣 knife 🔪 firecracker 🧨
dove_of_peace 🕊️ wheel_of_dharma ☸️ whale2 🐋 snow_cloud 🌨️ fog 🌫️
`;

const SIGNS = new Map();
const parts = NAMES.trim().split(/\s+/);
for (let index = 0; index < parts.length; index += 2) SIGNS.set(parts[index], parts[index + 1]);

const TONES = { 2: "🏻", 3: "🏼", 4: "🏽", 5: "🏾", 6: "🏿" };
const SKIN = /^\p{Emoji_Modifier_Base}/u;

// Return the emoji with this name (and skin tone, 2 to 6), or null if it is not known.
export function emoji(name, tone) {
  const [bare, told] = name.split("::skin-tone-");
  const sign = SIGNS.get(bare) ?? null;
  const skin = TONES[tone ?? told];
  if (sign === null || !skin || !SKIN.test(sign)) return sign;
  return sign.replace(/^(.)\uFE0F?/u, `$1${skin}`);
}

// Return the names of all known emoji.
export function known() {
  return [...SIGNS.keys()];
}
