// Selects: of options, of people, of conversations, of channels, and of what the app offers while one types.

import { el } from "../dom.js";
import { drawCombobox } from "./combobox.js";
import { fieldOf } from "./field.js";
import { warningWords } from "./press.js";
import { saying } from "./words.js";

// Draw any select; its type says where the choices come from, and whether several can be made.
export function drawSelect(element, block, surface, names) {
  const field = fieldOf(element, block, surface, names);
  const multiple = element.type.startsWith("multi_");
  const source = SOURCES[element.type.replace("multi_", "")](element, surface, field);
  const held = field.held();
  const chosen = (multiple ? held ?? [] : held ? [held] : []).map(source.item);
  const { box, input } = drawCombobox({
    names: field.names,
    placeholder: saying(element.placeholder, surface) || "Choose…",
    multiple,
    most: element.max_selected_items,
    chosen,
    load: source.load,
    dataKey: field.key,
    changed: (items) => {
      const values = items.map(({ key }) => key);
      const kept = items.map((item) => item.held);
      return field.enter(multiple ? values : values[0] ?? null, multiple ? kept : kept[0] ?? null, box);
    },
  });
  input.dataset.select = element.type;
  field.stands(box);
  return el("span", { class: "pressable" }, box);
}

const contains = (query) => ({ label, more }) => `${label} ${more ?? ""}`.toLowerCase().includes(query.trim().toLowerCase());

function ofOption(option, surface) {
  return { key: option.value, label: saying(option.text, surface), more: saying(option.description, surface), held: option };
}

function options(element, surface) {
  const item = (option) => ofOption(option, surface);
  const groups = groupsOf(element, surface, item);
  return { item, load: async (query) => groups.map(({ label, items }) => ({ label, items: items.filter(contains(query)) })) };
}

function groupsOf(offered, surface, item) {
  if (!offered.option_groups) return [{ label: null, items: (offered.options ?? []).map(item) }];
  return offered.option_groups.map((group) => ({ label: saying(group.label, surface), items: group.options.map(item) }));
}

function external(element, surface, field) {
  const item = (option) => ofOption(option, surface);
  const least = element.min_query_length ?? 3;
  const load = async (query) => {
    if (query.length < least) return `Type ${least} or more characters to search.`;
    try {
      const answer = await surface.ask({ ...field.request, value: query });
      if (answer.warning) return warningWords(answer.warning);
      return groupsOf(answer, surface, item);
    } catch (error) {
      return error.message;
    }
  };
  return { item, load };
}

function listed(item, ids) {
  return { item, load: async (query) => [{ label: null, items: ids().map(item).filter(contains(query)) }] };
}

function people(_element, { world }) {
  const item = (id) => {
    const person = world.person(id);
    return { key: id, label: person.display_name || person.name, more: person.title, held: id };
  };
  return listed(item, () => (world.people ?? []).filter(({ is_deleted: gone }) => !gone).map(({ id }) => id));
}

function channels(_element, { world }) {
  return listed(ofChannel(world), () => (world.channels ?? []).filter(({ kind, is_archived: old }) => kind === "public_channel" && !old).map(({ id }) => id));
}

const KINDS = { public_channel: "public", private_channel: "private", im: "im", mpim: "mpim" };

function conversations(element, { world }) {
  const { include, exclude_bot_users: noBots, exclude_external_shared_channels: noShared } = element.filter ?? {};
  const fits = (channel) =>
    !channel.is_archived &&
    (!include || include.includes(KINDS[channel.kind])) &&
    !(noShared && channel.is_ext_shared) &&
    !(noBots && channel.kind === "im" && world.person(channel.other)?.is_bot);
  return listed(ofChannel(world), () => (world.channels ?? []).filter(fits).map(({ id }) => id));
}

function ofChannel(world) {
  return (id) => {
    const channel = world.channel(id);
    if (!channel) return { key: id, label: id, held: id };
    const direct = channel.kind === "im";
    return { key: id, label: `${direct ? "@" : "#"}${direct && channel.other ? world.person(channel.other).name : channel.name}`, held: id };
  };
}

const SOURCES = {
  static_select: options,
  external_select: external,
  users_select: people,
  channels_select: channels,
  conversations_select: conversations,
};
