// The elements by type, each a function (element, block, surface, names) => element of the page.

import { cannotDraw } from "../drawing.js";
import { drawButton, drawFeedback, drawIconButton, drawOverflow, drawWorkflowButton } from "./buttons.js";
import { drawCheckboxes, drawRadios } from "./choices.js";
import { drawEntry, drawRichEntry } from "./entries.js";
import { drawFileInput } from "./files.js";
import { drawImage } from "./images.js";
import { drawPicker } from "./pickers.js";
import { drawSelect } from "./selects.js";

const SELECTS = ["static_select", "external_select", "users_select", "conversations_select", "channels_select"];

const ELEMENTS = {
  button: drawButton,
  workflow_button: drawWorkflowButton,
  icon_button: drawIconButton,
  feedback_buttons: drawFeedback,
  overflow: drawOverflow,
  image: (element, _block, surface) => drawImage(element, surface, { class: "picture thumbnail" }),
  radio_buttons: drawRadios,
  checkboxes: drawCheckboxes,
  ...Object.fromEntries(SELECTS.flatMap((type) => [[type, drawSelect], [`multi_${type}`, drawSelect]])),
  datepicker: drawPicker,
  timepicker: drawPicker,
  datetimepicker: drawPicker,
  plain_text_input: drawEntry,
  email_text_input: drawEntry,
  url_text_input: drawEntry,
  number_input: drawEntry,
  rich_text_input: drawRichEntry,
  file_input: drawFileInput,
};

// Draw an element of a block; `names` says how an input block calls and describes it.
export function drawElement(element, block, surface, names) {
  const draw = ELEMENTS[element?.type];
  return draw ? draw(element, block, surface, names) : cannotDraw(element?.type);
}
