// The desk: scenes as channel strips, kept up to date by server-sent events. No text is ever set as HTML.

const LOWEST_DB = -60;
const HIGHEST_DB = 20;
const TICKS_DB = [20, 12, 6, 0, -6, -12, -24, -40];
const CALLS_KEPT = 200;
const CHANNELS = { All: "both", LeftChannel: "left", RightChannel: "right" };
const FOLLOWS = { AudioFollowsVideo: "follows video", AudioMixing: "mixes its layers" };

const found = (id) => document.getElementById(id);
const cards = new Map();
let about = { title: "Desk", emulator: false };

function made(name, properties = {}, ...children) {
  const { dataset, ...others } = properties;
  const element = Object.assign(document.createElement(name), others);
  Object.assign(element.dataset, dataset);
  element.append(...children);
  return element;
}

export function decibels(multiple) {
  return multiple > 0 ? 20 * Math.log10(multiple) : -Infinity;
}

export function multiple(db) {
  return db <= LOWEST_DB ? 0 : Number((10 ** (db / 20)).toPrecision(3));
}

export function inDecibels(volume) {
  if (volume === null) return "not told";
  if (volume <= 0) return "mute";
  const db = decibels(volume);
  const rounded = Math.abs(db) < 0.05 ? 0 : db;
  return `${rounded > 0 ? "+" : rounded < 0 ? "−" : ""}${Math.abs(rounded).toFixed(1)} dB`;
}

const asMultiple = (volume) => (volume === null ? "–" : `×${Number(volume.toFixed(3))}`);
const position = (volume) => Math.min(HIGHEST_DB, Math.max(LOWEST_DB, decibels(volume ?? 0)));

function say(text) {
  found("said").textContent = text;
}

// One channel strip ------------------------------------------------------------------------------

class Strip {
  constructor(card, location) {
    this.card = card;
    this.location = location;
    this.fader = made("input", {
      type: "range", min: LOWEST_DB, max: HIGHEST_DB, step: 0.5,
      dataset: { location },
    });
    this.fader.setAttribute("aria-orientation", "vertical");
    this.volume = made("p", { className: "volume" });
    this.wanted = made("p", { className: "wanted" });
    this.channel = made("p");
    this.delay = made("p");
    this.lamps = made("ul", { className: "lamps" });
    const ticks = TICKS_DB.map((db) => {
      const tick = made("span", { textContent: db > 0 ? `+${db}` : `${db}`.replace("-", "−") });
      tick.style.top = `${(100 * (HIGHEST_DB - db)) / (HIGHEST_DB - LOWEST_DB)}%`;
      return tick;
    });
    const scale = made("div", { className: "ticks" }, ...ticks);
    scale.setAttribute("aria-hidden", "true");
    this.element = made(
      "div", { className: "strip" },
      made("h3", { textContent: location }),
      made("div", { className: "scale" }, this.fader, scale),
      this.volume, this.wanted, this.channel, this.delay, this.lamps,
    );
    this.fader.addEventListener("input", () => this.show(multiple(Number(this.fader.value))));
    this.fader.addEventListener("change", () => this.card.moved(location, multiple(Number(this.fader.value))));
    this.fader.addEventListener("pointerdown", () => (this.held = true));
    for (const ended of ["pointerup", "pointercancel", "blur"]) {
      this.fader.addEventListener(ended, () => (this.held = false));
    }
  }

  show(volume) {
    const words = inDecibels(volume);
    this.volume.replaceChildren(words, made("small", { textContent: asMultiple(volume) }));
    this.fader.setAttribute("aria-valuetext", `${words}, ${asMultiple(volume)}`);
  }

  update(layer, declared, name) {
    this.fader.disabled = !about.emulator && !about.proposes;
    this.fader.setAttribute("aria-label", `${this.location} of ${name}, volume`);
    if (!this.held && !proposals.isAbout(this.card.view.key, this.location)) {
      this.fader.value = position(layer.volume);
      this.show(layer.volume);
    }
    const differs = declared && declared.volume !== layer.volume;
    this.element.classList.toggle("differs", Boolean(declared && JSON.stringify(declared) !== JSON.stringify(layer)));
    this.wanted.textContent = differs ? `declared ${inDecibels(declared.volume)}` : "";
    this.channel.textContent = CHANNELS[layer.channel] ?? layer.channel ?? "";
    this.delay.textContent = layer.delay === null ? "" : `${layer.delay} ms`;
    this.lamps.replaceChildren(...(layer.filters ?? []).map((each) => made("li", { textContent: each })));
  }
}

// One scene --------------------------------------------------------------------------------------

class Card {
  constructor(view) {
    this.element = made("article", { dataset: { key: view.key } });
    this.view = view;
    this.strips = new Map();
    this.isDrawn = false;
    watched.observe(this.element);
  }

  update(view) {
    const isChange = JSON.stringify(view) !== JSON.stringify(this.view);
    this.view = view;
    this.element.setAttribute("aria-label", view.name || view.scene);
    this.element.classList.toggle("on-air", view.air === true);
    if (this.isDrawn) this.fill();
    if (isChange && this.isDrawn) {
      this.element.classList.remove("changed");
      requestAnimationFrame(() => this.element.classList.add("changed"));
    }
  }

  draw() {
    if (this.isDrawn) return;
    this.isDrawn = true;
    this.element.style.minHeight = "";
    this.heading = made("h2");
    this.ids = made("p", { className: "ids" });
    this.marks = made("ul", { className: "marks" });
    this.row = made("div", { className: "strips" });
    this.message = made("p", { className: "message" });
    this.last = made("p", { className: "last" });
    this.element.append(this.heading, this.ids, this.marks, this.row, this.message, this.last);
    this.buttons = about.emulator ? new Buttons(this) : null;
    if (this.buttons) this.element.append(this.buttons.element);
    this.fill();
  }

  // What is out of sight is not drawn, but keeps its place.
  drop() {
    if (!this.isDrawn || this.element.contains(document.activeElement)) return;
    this.element.style.minHeight = `${this.element.offsetHeight}px`;
    this.isDrawn = false;
    this.strips.clear();
    this.element.replaceChildren();
  }

  fill() {
    const { view } = this;
    this.heading.textContent = view.name || view.scene;
    this.ids.textContent = `${view.caster} · ${view.scene}`;
    this.marks.replaceChildren(...marksOf(view).map(([text, kind]) => made("li", { textContent: text, className: kind })));
    this.fillStrips();
    this.message.textContent = view.state?.message ?? "";
    this.last.textContent = view.last ? `Last change ${view.last.time} · RequestId ${view.last.requestId}` : "";
    this.buttons?.update(view);
  }

  fillStrips() {
    const { view } = this;
    const declared = new Map((view.declared?.layers ?? []).map((each) => [each.location, each]));
    const places = view.layers.map((each) => each.location);
    if (!this.row.hasChildNodes() || places.join("\n") !== [...this.strips.keys()].join("\n")) {
      this.strips = new Map(places.map((place) => [place, this.strips.get(place) ?? new Strip(this, place)]));
      this.row.replaceChildren(...[...this.strips.values()].map((each) => each.element));
      if (!places.length) this.row.append(made("p", { className: "empty", textContent: "No layers." }));
    }
    for (const layer of view.layers) {
      this.strips.get(layer.location).update(layer, declared.get(layer.location), view.name || view.scene);
    }
  }

  moved(location, volume) {
    if (about.proposes) {
      proposals.open(this.view, location, volume);
      return;
    }
    const layers = this.view.raw.audio.layers.map((each) =>
      each.locationId === location ? { ...each, volumeRate: volume } : each);
    this.change({ audio: { layers } }, `${location} is at ${inDecibels(volume)}`);
  }

  async change(fields, said) {
    const { caster, scene } = this.view;
    await asked("PATCH", `emulator/scenes/${encodeURIComponent(caster)}/${encodeURIComponent(scene)}`, fields, said);
  }

  matches(words, show) {
    const { view } = this;
    const text = `${view.name} ${view.caster} ${view.scene} ${view.layers.map((each) => each.location).join(" ")}`.toLowerCase();
    const isShown = {
      all: true,
      air: view.air === true,
      trouble: view.marks.length > 0 || (view.state && !view.state.ready),
      drift: this.differs(),
    }[show];
    return isShown && words.every((word) => text.includes(word));
  }

  differs() {
    const { declared, layers, follow } = this.view;
    return Boolean(declared) && JSON.stringify(declared) !== JSON.stringify({ follow, layers });
  }
}

function marksOf(view) {
  const marks = [];
  if (view.air !== null) marks.push(view.air ? ["ON AIR", "air"] : ["preview", ""]);
  marks.push([FOLLOWS[view.follow] ?? view.follow ?? "follow mode not told", ""]);
  for (const each of view.marks) marks.push([each, "trouble"]);
  if (view.state) marks.push([view.state.reason, view.state.ready ? "good" : "waits"]);
  return marks;
}

// Trouble, of the emulator only ------------------------------------------------------------------

class Buttons {
  constructor(card) {
    this.card = card;
    this.air = this.button("On air", () => this.toggle("outputType", card.view.air ? "0" : "1", card.view.air ? "in preview" : "on air"), true);
    this.busy = this.button("In a channel (412)", () => this.toggle("inChannel", !card.view.raw.inChannel, card.view.raw.inChannel ? "in no channel" : "in a channel"), true);
    const others = [
      this.button("Drift a fader", () => this.drift()),
      this.button("Throttle", () => this.fault({ kind: "error", code: "Throttling.User", status: 400, retryAfterMs: 5000, times: 1 }, "its next call is throttled")),
      this.button("Drop connections", () => this.fault({ kind: "drop", times: 3 }, "its next 3 connections are dropped")),
    ];
    this.element = made("div", { className: "buttons" }, this.air, this.busy, ...others);
    this.element.setAttribute("role", "group");
  }

  button(text, act, isToggle = false) {
    const button = made("button", { type: "button", textContent: text });
    if (isToggle) button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", act);
    return button;
  }

  update(view) {
    this.element.setAttribute("aria-label", `Cause trouble for ${view.name || view.scene}`);
    this.air.setAttribute("aria-pressed", String(view.air === true));
    this.busy.setAttribute("aria-pressed", String(Boolean(view.raw.inChannel)));
  }

  toggle(field, value, words) {
    this.card.change({ [field]: value }, `${this.card.view.name || this.card.view.scene} is ${words}`);
  }

  drift() {
    const [layer] = this.card.view.layers;
    if (!layer) {
      say("There is no layer to drift. Give the scene some first.");
      return;
    }
    this.card.moved(layer.location, layer.volume === 0.25 ? 2 : 0.25);
  }

  fault(order, words) {
    const { caster, scene, name } = this.card.view;
    const match = { casterId: caster, sceneId: scene };
    asked("POST", "emulator/faults", { ...order, match }, `${name || scene}: ${words}`);
  }
}

async function asked(method, url, body, said) {
  try {
    const answer = await fetch(url, { method, body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
    say(answer.ok ? said : `Refused: ${await answer.text()}`);
  } catch {
    say("The server can't be reached.");
  }
}

// A fader that was moved, on the desk of a cluster --------------------------------------------------

class Proposals {
  constructor() {
    this.dialog = found("proposal");
    found("proposal-apply").addEventListener("click", () => this.apply());
    found("proposal-close").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("close", () => this.ended());
    for (const [button, text] of [["copy-command", "proposal-command"], ["copy-yaml", "proposal-yaml"]]) {
      found(button).addEventListener("click", () => this.copy(found(text).textContent));
    }
  }

  isAbout(key, location) {
    return this.move !== undefined && this.key === key && this.location === location;
  }

  async open(view, location, volume) {
    const [namespace, name] = view.key.split("/");
    this.key = view.key;
    this.location = location;
    this.move = { namespace, name, ...view.object, location, volume };
    const answer = await posted("proposals", this.move);
    if (answer === null) {
      this.ended();
      return;
    }
    found("proposal-title").textContent = `${location} of ${view.name}: ${inDecibels(volume)}, ${asMultiple(volume)}`;
    found("proposal-air").textContent = airWords(answer, view);
    found("proposal-air").classList.toggle("air", (answer.air ?? view.air) === true);
    found("proposal-owners").textContent = answer.owners.length
      ? `The layers were written by ${answer.owners.join(", ")}. What keeps the object in Git may set them back.` : "";
    found("proposal-command").textContent = answer.command;
    found("proposal-yaml").textContent = answer.yaml;
    found("proposal-apply").hidden = !answer.mayEdit;
    found("proposal-apply").textContent = (answer.air ?? view.air) === true ? "Apply it on air" : "Apply it";
    if (!this.dialog.open) this.dialog.showModal();
  }

  async apply() {
    const { move } = this;
    const answer = await posted("changes", move);
    if (answer !== null) say(`${move.location} of ${move.name} is asked to be at ${inDecibels(move.volume)}.`);
    this.dialog.close();
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      found("proposal-said").textContent = "Copied.";
    } catch {
      found("proposal-said").textContent = "The browser lets nothing be copied: mark it by hand.";
    }
  }

  ended() {
    const card = cards.get(this.key);
    this.move = undefined;
    found("proposal-said").textContent = "";
    if (card?.isDrawn) card.fill();
  }
}

function airWords({ air, waits }, view) {
  const isOnAir = air ?? view.air;
  if (isOnAir === true) return waits ? "The scene is ON AIR. The change waits until it has left the air (onAir: Wait)." : "The scene is ON AIR: this is heard at once.";
  if (isOnAir === false) return "The scene is in preview.";
  return waits ? "Whether the scene is on air isn't known. If it is, the change waits (onAir: Wait)." : "Whether the scene is on air isn't known. If it is on air, this is heard at once.";
}

async function posted(url, body) {
  try {
    const answer = await fetch(url, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
    if (answer.ok) {
      tell("");
      return await answer.json();
    }
    tell(await answer.text());
  } catch {
    tell("The server can't be reached.");
  }
  return null;
}

// What went wrong is seen, too.
function tell(text) {
  found("trouble").textContent = text;
  found("trouble").hidden = !text;
}

// All scenes -------------------------------------------------------------------------------------

const watched = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    const card = cards.get(target.dataset.key);
    if (isIntersecting) card?.draw();
    else card?.drop();
  }
}, { rootMargin: "600px" });

function takeScenes({ all, put, removed }) {
  const gone = all ? [...cards.keys()].filter((key) => !put.some((each) => each.key === key)) : removed;
  for (const key of gone) {
    const card = cards.get(key);
    if (!card) continue;
    watched.unobserve(card.element);
    card.element.remove();
    cards.delete(key);
  }
  const fresh = document.createDocumentFragment();
  for (const view of put) {
    let card = cards.get(view.key);
    if (!card) {
      card = new Card(view);
      cards.set(view.key, card);
      fresh.append(card.element);
    }
    card.update(view);
  }
  found("scenes").append(fresh);
  choose();
}

function choose() {
  const words = found("find").value.toLowerCase().split(/\s+/).filter(Boolean);
  const show = found("show").value;
  let shown = 0;
  for (const card of cards.values()) {
    const isShown = card.matches(words, show);
    card.element.hidden = !isShown;
    shown += isShown;
  }
  found("count").textContent = shown === cards.size ? `${shown} scenes` : `${shown} of ${cards.size} scenes`;
}

// Calls ------------------------------------------------------------------------------------------

const rows = new Map();
const proposals = new Proposals();

function takeCalls({ put, cleared }) {
  if (cleared) {
    rows.clear();
    found("calls").replaceChildren();
  }
  for (const call of put) {
    const answer = call.code === null ? "under way" : `${call.status ?? "no answer"} ${call.code}`;
    const isRefused = call.code !== null && call.code !== "OK";
    const cells = [call.time, call.action, `${call.caster} · ${call.scene}`, answer, call.requestId];
    const row = made("tr", {}, ...cells.map((text, number) =>
      made("td", { textContent: text, className: isRefused && number === 3 ? "refused" : "" })));
    const before = rows.get(call.id);
    if (before) before.replaceWith(row);
    else found("calls").prepend(row);
    rows.set(call.id, row);
  }
  while (rows.size > CALLS_KEPT) {
    const [oldest] = rows.keys();
    rows.get(oldest).remove();
    rows.delete(oldest);
  }
}

// The stream -------------------------------------------------------------------------------------

function begin() {
  const link = found("link");
  const stream = new EventSource("events");
  const told = (name, take) => stream.addEventListener(name, (event) => take(JSON.parse(event.data)));
  told("about", (facts) => {
    about = facts;
    document.title = facts.title;
    found("title").textContent = facts.title;
    found("log").hidden = !facts.calls;
  });
  told("scenes", takeScenes);
  told("calls", takeCalls);
  stream.addEventListener("open", () => {
    link.textContent = "Live";
    link.classList.remove("broken");
  });
  stream.addEventListener("error", () => {
    link.textContent = "The connection is lost. What is shown may be old. It is tried again.";
    link.classList.add("broken");
  });
  found("filters").addEventListener("submit", (event) => event.preventDefault());
  found("find").addEventListener("input", choose);
  found("show").addEventListener("change", choose);
}

begin();
