// A long list of rows of which only those near to what is visible are in the page.

import { keepFocus } from "./dom.js";

const MARGIN = 700; // pixels drawn above and below what is visible
const NEAR = 60; // rows from an end at which more is asked for
const FIRST_GUESS = 52;

export class VirtualList {
  #heights = new Map(); // key -> measured height
  #drawn = new Map(); // key -> {row, node}
  #rows = [];
  #total = 0; // of all measured heights
  #asked = false;
  #busy = false;
  #stuckAt = 0; // where the end was last
  #sizes = new ResizeObserver((entries) => this.#resized(entries));
  isAtEnd = true;

  // `draw(row)` builds a row's node; rows are {key, same(other)}; `more(direction)` loads.
  constructor(scroller, content, { draw, more, moved }) {
    Object.assign(this, { scroller, content, draw, more, moved });
    scroller.addEventListener("scroll", () => this.#soon(), { passive: true });
    this.#sizes.observe(scroller);
  }

  close() {
    this.#sizes.disconnect();
  }

  setRows(rows) {
    this.#rows = rows;
    keepFocus(this.content, () => this.render());
  }

  node(key) {
    return this.#drawn.get(key)?.node ?? null;
  }

  // Have one row drawn anew next time, or all of them.
  forget(key = null) {
    for (const [each, drawn] of this.#drawn) if (key === null || each === key) drawn.row = null;
  }

  // Bring a row into sight and return its node.
  show(key) {
    const at = this.#rows.findIndex((row) => row.key === key);
    if (at < 0) return null;
    this.isAtEnd = false;
    if (!this.#drawn.has(key)) {
      this.scroller.scrollTop = this.#sum(0, at) - this.scroller.clientHeight / 3;
      this.render({ anchor: null });
    }
    this.node(key)?.scrollIntoView({ block: "nearest" });
    this.render();
    return this.node(key);
  }

  render({ anchor = this.#anchor() } = {}) {
    if (this.isAtEnd) anchor = null;
    let [from, to] = this.#window(this.#topFor(anchor));
    this.#fill(from, to);
    this.#measure();
    if (this.isAtEnd) this.#stick();
    else if (anchor) this.#hold(anchor);
    const again = this.#window(this.scroller.scrollTop);
    if (again[0] < from || again[1] > to) {
      [from, to] = again;
      this.#fill(from, to);
      this.#measure();
      if (this.isAtEnd) this.#stick();
    }
    this.#load(from, to);
  }

  #soon() {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      const { scrollTop, clientHeight, scrollHeight } = this.scroller;
      // What grew below does not count as having gone away from the end; going up does.
      if (scrollTop + clientHeight >= scrollHeight - 4) this.isAtEnd = true;
      else if (scrollTop < this.#stuckAt - 1) this.isAtEnd = false;
      this.render();
      this.moved?.();
    });
  }

  async #load(from, to) {
    const direction = from < NEAR ? "older" : to > this.#rows.length - NEAR ? "later" : null;
    if (!direction || this.#busy) return;
    this.#busy = true;
    try {
      await this.more(direction);
    } finally {
      this.#busy = false;
    }
  }

  #stick() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#stuckAt = this.scroller.scrollTop;
  }

  #guess() {
    return this.#heights.size ? this.#total / this.#heights.size : FIRST_GUESS;
  }

  #sum(from, to) {
    const guess = this.#guess();
    let sum = 0;
    for (let at = from; at < to; at += 1) sum += this.#heights.get(this.#rows[at].key) ?? guess;
    return sum;
  }

  // The rows from and to which the list is drawn.
  #window(scrollTop) {
    const guess = this.#guess();
    const { clientHeight } = this.scroller;
    const height = (at) => this.#heights.get(this.#rows[at].key) ?? guess;
    let from = this.#rows.length;
    let to = this.#rows.length;
    if (this.isAtEnd) {
      for (let seen = 0; from > 0 && seen < clientHeight + MARGIN; from -= 1) seen += height(from - 1);
      return [from, to];
    }
    let top = 0;
    from = 0;
    while (from < this.#rows.length && top + height(from) < scrollTop - MARGIN) top += height(from++);
    to = from;
    while (to < this.#rows.length && top < scrollTop + clientHeight + MARGIN) top += height(to++);
    return [from, to];
  }

  #fill(from, to) {
    const wanted = this.#rows.slice(from, to);
    const keys = new Set(wanted.map((row) => row.key));
    for (const [key, { node }] of this.#drawn) if (!keys.has(key)) this.#drop(key, node);
    let next = this.content.firstChild;
    for (const row of wanted) {
      const wasNext = next !== null && next === this.node(row.key);
      const node = this.#nodeFor(row); // perhaps in place of what stood there
      if (wasNext) next = node;
      if (node === next) next = next.nextSibling;
      else this.content.insertBefore(node, next);
    }
    this.content.style.paddingTop = `${this.#sum(0, from)}px`;
    this.content.style.paddingBottom = `${this.#sum(to, this.#rows.length)}px`;
  }

  #nodeFor(row) {
    const drawn = this.#drawn.get(row.key);
    if (drawn?.row?.same(row)) {
      drawn.row = row;
      return drawn.node;
    }
    const node = this.draw(row, drawn?.node ?? null);
    if (drawn) {
      this.#sizes.unobserve(drawn.node);
      drawn.node.replaceWith(node);
    }
    this.#drawn.set(row.key, { row, node });
    this.#sizes.observe(node);
    return node;
  }

  #drop(key, node) {
    if (node.contains(document.activeElement)) this.scroller.focus({ preventScroll: true });
    this.#sizes.unobserve(node);
    node.remove();
    this.#drawn.delete(key);
  }

  #measure() {
    for (const [key, { node }] of this.#drawn) this.#keep(key, node.offsetHeight);
  }

  #keep(key, height) {
    const before = this.#heights.get(key);
    this.#heights.set(key, height);
    this.#total += height - (before ?? 0);
    return height - (before ?? height);
  }

  // The first visible row and where it is.
  #anchor() {
    const top = this.scroller.scrollTop;
    for (const node of this.content.children) {
      if (node.offsetTop + node.offsetHeight > top) {
        return { key: node.dataset.rowKey, offset: node.offsetTop - top };
      }
    }
    return null;
  }

  // How far to scroll for the anchor to be where it was, as far as heights are known.
  #topFor(anchor) {
    const at = anchor ? this.#rows.findIndex((row) => row.key === anchor.key) : -1;
    return at < 0 ? this.scroller.scrollTop : this.#sum(0, at) - anchor.offset + this.content.offsetTop;
  }

  #hold({ key, offset }) {
    const node = this.node(key);
    if (!node) return;
    const moved = node.offsetTop - this.scroller.scrollTop - offset;
    if (Math.abs(moved) >= 1) this.scroller.scrollTop += moved;
  }

  #resized(entries) {
    let above = 0;
    for (const { target } of entries) {
      const key = target.dataset.rowKey;
      if (!key || !this.#drawn.has(key)) continue;
      const isAbove = target.offsetTop < this.scroller.scrollTop;
      const grown = this.#keep(key, target.offsetHeight);
      if (isAbove) above += grown;
    }
    if (this.isAtEnd) this.#stick();
    else if (above) this.scroller.scrollTop += above;
  }
}
