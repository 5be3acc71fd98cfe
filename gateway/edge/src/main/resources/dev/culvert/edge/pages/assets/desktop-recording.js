// A recording of a desktop, replayed. Guacamole's player shows the pictures; when each is shown is this page's to say, since that
// player knows no speeds and does not skip.

const screen = document.querySelector("#screen");
const play = document.querySelector("#play");
const slider = document.querySelector("#position");
const clockLine = document.querySelector("#clock");
const speed = document.querySelector("#speed");
const skip = document.querySelector("#skip");
const progress = document.querySelector("#progress");

/** A while in which nothing was drawn and nobody did anything, in milliseconds; what is left of it when it is skipped. */
const idleFrom = 3000;
const idleLeft = 500;

const nothing = "nothing was shown";

/** What is told to the player: all that changes the picture, and what its times are of. Not sound, which has only one speed. */
const drawing = new Set([
  "arc", "blob", "body", "cfill", "clip", "close", "copy", "cstroke", "cursor", "curve", "dispose", "distort", "end", "identity",
  "img", "jpeg", "lfill", "line", "lstroke", "move", "nest", "png", "pop", "push", "rect", "reset", "set", "shade", "size",
  "start", "transfer", "transform",
]);
const doing = new Set(["key", "mouse", "touch"]);

function fail(text) {
  const problem = document.querySelector("#player-problem");
  problem.textContent = text;
  problem.hidden = false;
}

/** `1:02:03` */
function clock(milliseconds) {
  const whole = Math.floor(milliseconds / 1000);
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, "0"));
  return whole >= 3600 ? [Math.floor(whole / 3600), ...parts].join(":") : parts.join(":");
}

/** Index of the last of rising numbers that is no more than a value; -1 when there is none. */
function lastAtMost(numbers, value) {
  let low = -1;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (numbers[middle] <= value) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

/** What stands in the file besides pictures, with times since the first of them in milliseconds. */
class Timeline {
  frames = [];
  active = [0];
  events = [];
  #first = null;
  #drawn = false;

  /** @returns whether the player is told of it */
  take(opcode, values) {
    if (opcode === "sync") {
      const at = Number(values[0]);
      this.#first ??= at;
      this.frames.push(Math.max(this.end, at - this.#first));
      if (this.#drawn) {
        this.#acted();
      }
      this.#drawn = false;
      return true;
    }
    if (opcode === "log" && values.length === 3) {
      this.events.push({ at: this.end, kind: values[1], text: plain(values[2]) });
      return false;
    }
    if (doing.has(opcode)) {
      this.#acted();
      // The player counts from its first frame.
      return this.frames.length > 0;
    }
    this.#drawn ||= drawing.has(opcode) && opcode !== "end";
    return drawing.has(opcode);
  }

  #acted() {
    if (this.active.at(-1) < this.end) {
      this.active.push(this.end);
    }
  }

  get end() {
    return this.frames.at(-1) ?? 0;
  }

  /** Where playing goes on from a moment: later, when nothing happens there. */
  skipped(position) {
    const before = lastAtMost(this.active, position);
    const from = this.active[before] ?? 0;
    const to = this.active[before + 1] ?? this.end;
    return to - from > idleFrom && position - from > idleLeft ? Math.max(position, to - idleLeft) : position;
  }
}

/** Texts of ours are ASCII in the file. */
function plain(text) {
  return text.replace(/\\u([0-9a-f]{4})/g, (_, code) => String.fromCharCode(parseInt(code, 16)));
}

/** The file as what the player calls a tunnel. It seeks by bytes that it takes for characters, so it gets ASCII only: names and
    clipboards have others, pictures never. */
function tunnelOf(url, timeline) {
  const tunnel = new Guacamole.Tunnel();
  const stop = new AbortController();
  const parser = new Guacamole.Parser();
  parser.oninstruction = (opcode, values) => {
    // eslint-disable-next-line no-control-regex
    if (timeline.take(opcode, values) && values.every((value) => /^[\x00-\x7f]*$/.test(value))) {
      tunnel.oninstruction?.(opcode, values);
    }
  };
  const read = async () => {
    const answer = await fetch(url, { cache: "no-store", signal: stop.signal });
    if (!answer.ok) {
      throw new Error(`status ${answer.status}`);
    }
    tunnel.setState(Guacamole.Tunnel.State.OPEN);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      parser.receive(piece.value);
    }
  };
  tunnel.connect = () => {
    read().then(
      () => {
        if (timeline.frames.length > 0) {
          tunnel.setState(Guacamole.Tunnel.State.CLOSED);
        } else {
          tunnel.onerror?.(new Guacamole.Status(Guacamole.Status.Code.RESOURCE_NOT_FOUND, nothing));
        }
      },
      (error) => tunnel.onerror?.(new Guacamole.Status(Guacamole.Status.Code.UPSTREAM_ERROR, error.message)),
    );
  };
  tunnel.disconnect = () => stop.abort();
  tunnel.sendMessage = () => {};
  return tunnel;
}

/** Plays by asking for one moment after another, once all is loaded: the player knows frames before it has their bytes. */
class Replay {
  #timeline = new Timeline();
  #recording;
  #position = 0;
  #playing = false;
  #before = 0;
  #asked = -1;
  #seeking = false;
  #loaded = false;
  #waiting = null;

  constructor(url) {
    this.#recording = new Guacamole.SessionRecording(tunnelOf(url, this.#timeline), 0);
    this.#recording.onprogress = () => this.#soon();
    this.#recording.onload = () => this.#load();
    this.#recording.onerror = (message) => {
      fail(message === nothing ? "Nothing was shown in this session." : "The recording could not be loaded to its end. Reload the page to try again.");
      this.#load();
    };
    this.#recording.onkeyevents = (events) => listKeys(this, events);
    const display = this.#recording.getDisplay();
    screen.append(display.getElement());
    display.onresize = () => this.#fit();
    new ResizeObserver(() => this.#fit()).observe(screen);
    this.#offerControls();
    this.#recording.connect();
  }

  #fit() {
    const display = this.#recording.getDisplay();
    if (display.getWidth() > 0) {
      display.scale(Math.min(1, screen.clientWidth / display.getWidth()));
    }
  }

  #load() {
    this.#loaded = true;
    progress.hidden = true;
    play.disabled = slider.disabled = this.#timeline.frames.length === 0;
    listEvents(this, this.#timeline.events);
    this.#soon();
  }

  /** Frames come much faster than anybody looks. */
  #soon() {
    this.#waiting ??= requestAnimationFrame((now) => {
      this.#waiting = null;
      this.#tick(now);
    });
  }

  #tick(now) {
    if (this.#playing) {
      const on = this.#position + (now - this.#before) * Number(speed.value);
      this.#position = Math.min(skip.checked ? this.#timeline.skipped(on) : on, this.#timeline.end);
      if (this.#position >= this.#timeline.end) {
        this.pause();
      } else {
        this.#soon();
      }
    }
    this.#before = now;
    this.#show();
  }

  #show() {
    const end = this.#timeline.end;
    slider.max = end;
    slider.value = this.#position;
    slider.setAttribute("aria-valuetext", clock(this.#position));
    clockLine.textContent = `${clock(this.#position)} / ${clock(end)}`;
    const frame = this.#loaded ? lastAtMost(this.#timeline.frames, this.#position) : -1;
    if (frame !== this.#asked && frame >= 0 && !this.#seeking) {
      this.#seek(frame);
    }
  }

  #seek(frame) {
    this.#asked = frame;
    this.#seeking = true;
    screen.setAttribute("aria-busy", "true");
    this.#recording.seek(this.#timeline.frames[frame], () => {
      this.#seeking = false;
      screen.setAttribute("aria-busy", "false");
      this.#soon();
    });
  }

  go(position) {
    this.#position = Math.max(0, Math.min(position, this.#timeline.end));
    this.#soon();
  }

  play() {
    if (this.#position >= this.#timeline.end) {
      this.#position = 0;
    }
    this.#playing = true;
    this.#before = performance.now();
    play.textContent = "Pause";
    this.#soon();
  }

  pause() {
    this.#playing = false;
    play.textContent = "Play";
  }

  toggle() {
    if (this.#playing) {
      this.pause();
    } else if (this.#loaded) {
      this.play();
    }
  }

  #offerControls() {
    play.addEventListener("click", () => this.toggle());
    slider.addEventListener("input", () => this.go(Number(slider.value)));
    screen.addEventListener("keydown", (event) => {
      const does = this.#keys[event.key];
      if (does && !event.ctrlKey && !event.altKey && !event.metaKey) {
        event.preventDefault();
        does();
      }
    });
  }

  #keys = {
    " ": () => this.toggle(),
    "ArrowLeft": () => this.go(this.#position - 5000),
    "ArrowRight": () => this.go(this.#position + 5000),
    "Home": () => this.go(0),
    "End": () => this.go(this.#timeline.end),
    "+": () => { speed.selectedIndex = Math.min(speed.selectedIndex + 1, speed.length - 1); },
    "-": () => { speed.selectedIndex = Math.max(speed.selectedIndex - 1, 0); },
  };
}

/** A line of a list that leads to its moment. */
function item(replay, at, ...content) {
  const line = document.createElement("li");
  const jump = document.createElement("button");
  jump.type = "button";
  jump.className = "button small quiet";
  jump.textContent = clock(at);
  jump.addEventListener("click", () => {
    replay.go(at);
    screen.scrollIntoView({ block: "nearest" });
  });
  const text = document.createElement("span");
  text.className = "event-text";
  text.append(...content);
  jump.setAttribute("aria-label", `Go to ${clock(at)}: ${text.textContent}`);
  line.append(jump, text);
  return line;
}

function code(text) {
  const element = document.createElement("code");
  element.textContent = text;
  return element;
}

/** The first says whose recording it is, as the page does. */
function listEvents(replay, all) {
  const events = all.filter(({ kind }) => kind !== "recording");
  document.querySelector("#events-none").hidden = events.length > 0;
  document.querySelector("#events").replaceChildren(...events.map(({ at, kind, text }) => {
    const badge = document.createElement("span");
    badge.className = kind === "gap" ? "badge bad" : "badge";
    badge.textContent = kind;
    return item(replay, at, badge, " ", code(text));
  }));
}

/** Keys that were pressed, a line for what was typed without a pause or up to Enter. */
function listKeys(replay, events) {
  const list = document.querySelector("#keys");
  if (!list) {
    return;
  }
  const lines = [];
  let last = null;
  for (const { definition, timestamp } of events.filter(({ pressed }) => pressed)) {
    if (!last || timestamp - last.until > 5000 || last.ended) {
      last = { at: Math.max(0, timestamp), text: "" };
      lines.push(last);
    }
    const printed = definition.value?.length === 1 && definition.value >= " ";
    last.text += printed ? definition.value : `⟨${definition.name}⟩`;
    last.until = timestamp;
    last.ended = definition.name === "Return" || definition.name === "Enter";
  }
  document.querySelector("#keys-none").hidden = lines.length > 0;
  list.replaceChildren(...lines.map(({ at, text }) => item(replay, at, code(text))));
}

new Replay(screen.dataset.url);
