// A field on a surface: what it holds, and what happens when somebody enters something else.

import { keyOf } from "../surface.js";
import { press } from "./press.js";
import { saying } from "./words.js";

// Where payloads carry what a field holds, and where its element says what it holds at first.
const HELD = {
  static_select: ["selected_option", "initial_option"],
  external_select: ["selected_option", "initial_option"],
  radio_buttons: ["selected_option", "initial_option"],
  multi_static_select: ["selected_options", "initial_options"],
  multi_external_select: ["selected_options", "initial_options"],
  checkboxes: ["selected_options", "initial_options"],
  users_select: ["selected_user", "initial_user"],
  multi_users_select: ["selected_users", "initial_users"],
  conversations_select: ["selected_conversation", "initial_conversation"],
  multi_conversations_select: ["selected_conversations", "initial_conversations"],
  channels_select: ["selected_channel", "initial_channel"],
  multi_channels_select: ["selected_channels", "initial_channels"],
  datepicker: ["selected_date", "initial_date"],
  timepicker: ["selected_time", "initial_time"],
  datetimepicker: ["selected_date_time", "initial_date_time"],
  rich_text_input: ["rich_text_value", "initial_value"],
  file_input: ["files", "initial_files"],
};
const TEXT = ["value", "initial_value"];

// Return the field that an element is on a surface; `names` is how it is called and described.
export function fieldOf(element, block, surface, names) {
  const [blockId, actionId] = [block.block_id, element.action_id];
  return {
    element,
    block,
    surface,
    names: names ?? { "aria-label": nameOf(element, block, surface) },
    key: `${JSON.stringify(surface.place)} ${keyOf(blockId, actionId)}`,
    request: { block_id: blockId, action_id: actionId },
    sends: block.type !== "input" || block.dispatch_action === true,
    held() {
      const entry = surface.entered(blockId, actionId);
      if (entry?.type === element.type) return entry.held;
      return kept(element, surface.view?.state?.values?.[blockId]?.[actionId]);
    },
    stands(node) {
      surface.holds(blockId, actionId, node);
      node.dataset.key ??= this.key;
      return node;
    },
    keep(value, held) {
      surface.enter(blockId, actionId, { type: element.type, value, held });
    },
    // Keep what was entered and, where that is an action, send it; false if the person thought better of it.
    async enter(value, held, node) {
      const before = surface.entered(blockId, actionId);
      this.keep(value, held);
      if (!this.sends) return true;
      const report = await press(node, surface, { ...this.request, option: value }, element.confirm);
      if (report === null && element.confirm) surface.enter(blockId, actionId, before);
      return report !== null;
    },
  };
}

function kept(element, state) {
  const [name, initial] = HELD[element.type] ?? TEXT;
  return state?.type === element.type && name in state ? state[name] : element[initial];
}

const CALLED = { overflow: "More actions", datepicker: "Date", timepicker: "Time", datetimepicker: "Date and time" };

export function nameOf(element, block, surface) {
  const said = [element.accessibility_label, saying(element.placeholder, surface), saying(block.text, surface)];
  return said.find(Boolean)?.slice(0, 150) ?? CALLED[element.type] ?? "Choose";
}
