// A recording of a terminal: replayed with search and jumps, or watched while it is made.

const box = document.querySelector("#player");
const mostHits = 200;

/** Longer pauses are shortened to this, in seconds. */
const longestPause = 2;

function fail(text) {
  const problem = document.querySelector("#player-problem");
  problem.textContent = text;
  problem.hidden = false;
}

/** `1:02:03` */
function clock(seconds) {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, "0"));
  return whole >= 3600 ? [Math.floor(whole / 3600), ...parts].join(":") : parts.join(":");
}

/** Header and records. A last line that is not whole was torn off by a crash. */
function parse(text) {
  const lines = text.split("\n");
  lines.pop();
  const records = [];
  let played = 0;
  let before = 0;
  for (const line of lines.slice(1)) {
    const [at, type, data] = JSON.parse(line);
    played += Math.min(at - before, longestPause);
    before = at;
    records.push({ at, played, type, data });
  }
  return { header: JSON.parse(lines[0]), records };
}

// Control sequences, strings such as titles, and other control characters.
// eslint-disable-next-line no-control-regex
const control = /\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]|[\x00-\x08\x0b-\x1f\x7f]/g;
// One of them that goes on in the next record.
// eslint-disable-next-line no-control-regex
const unfinished = /\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]*\x1b?|[ -/]*)?$/;

/** What was shown, as plain text, and which record each part of it is of. */
function plain(records) {
  const starts = [];
  let text = "";
  let rest = "";
  for (const record of records.filter(({ type }) => type === "o")) {
    const all = rest + record.data;
    rest = all.length < 4096 + record.data.length ? (unfinished.exec(all)?.[0] ?? "") : "";
    starts.push([text.length, record]);
    text += all.slice(0, all.length - rest.length).replace(control, "");
  }
  return { text, starts };
}

/** The record that a place of the text is of. */
function recordAt(starts, place) {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (starts[middle][0] <= place) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return starts[low][1];
}

/** A line of a list that leads to its moment. */
function item(player, record, ...content) {
  const line = document.createElement("li");
  const jump = document.createElement("button");
  jump.type = "button";
  jump.className = "button small quiet";
  jump.textContent = clock(record.at);
  jump.addEventListener("click", async () => {
    await player.seek(record.played);
    box.scrollIntoView({ block: "nearest" });
  });
  const text = document.createElement("span");
  text.className = "event-text";
  text.append(...content);
  jump.setAttribute("aria-label", `Go to ${clock(record.at)}: ${text.textContent}`);
  line.append(jump, text);
  return line;
}

function excerpt({ text }, place, length) {
  const mark = document.createElement("mark");
  mark.textContent = text.slice(place, place + length);
  const code = document.createElement("code");
  code.append(
    text.slice(Math.max(0, place - 30), place).replace(/^.*\n/s, ""),
    mark,
    text.slice(place + length, place + length + 30).replace(/\n.*$/s, ""),
  );
  return code;
}

function offerSearch(player, records) {
  const shown = plain(records);
  const folded = shown.text.toLowerCase();
  // Some characters change their length with their case; the excerpt would be beside the place then.
  const where = folded.length === shown.text.length ? folded : shown.text;
  document.querySelector("#search").addEventListener("submit", (event) => {
    event.preventDefault();
    const entered = event.target.elements.text.value;
    const wanted = where === folded ? entered.toLowerCase() : entered;
    const hits = [];
    for (let at = wanted ? where.indexOf(wanted) : -1; at >= 0 && hits.length <= mostHits; at = where.indexOf(wanted, at + wanted.length)) {
      // Where all of it is shown.
      const record = recordAt(shown.starts, at + wanted.length - 1);
      hits.push(item(player, record, excerpt(shown, at, wanted.length)));
    }
    const more = hits.length > mostHits;
    document.querySelector("#hits").replaceChildren(...hits.slice(0, mostHits));
    document.querySelector("#hits-count").textContent = more ? `The first ${mostHits}` : hits.length === 1 ? "1 hit" : `${hits.length} hits`;
  });
}

/** Markers are `kind: text`, `kind?: text` when they are guessed. */
function listEvents(player, records) {
  const marks = records.filter(({ type }) => type === "m");
  document.querySelector("#events-none").hidden = marks.length > 0;
  document.querySelector("#events").replaceChildren(...marks.map((record) => {
    const [, kind, guessed, text] = /^([^:?]*)(\?)?: ?(.*)$/s.exec(record.data) ?? [null, "note", "", record.data];
    const badge = document.createElement("span");
    badge.className = kind === "gap" ? "badge bad" : "badge";
    badge.textContent = guessed ? `${kind}, guessed` : kind;
    const code = document.createElement("code");
    code.textContent = text;
    return item(player, record, badge, " ", code);
  }));
}

async function replay() {
  const answer = await fetch(box.dataset.url, { cache: "no-store" });
  if (!answer.ok) {
    throw new Error(`status ${answer.status}`);
  }
  const { header, records } = parse(await answer.text());
  const source = {
    data: "",
    parser: () => ({
      cols: header.width,
      rows: header.height,
      events: records.map(({ played, type, data }) => [1000 * played, type, data]),
    }),
  };
  const player = AsciinemaPlayer.create(source, box, {
    fit: "width",
    preload: true,
    controls: true,
    keystrokeOverlay: records.some(({ type }) => type === "i"),
    terminalFontFamily: getComputedStyle(document.documentElement).getPropertyValue("--mono"),
  });
  offerSearch(player, records);
  listEvents(player, records);
}

function watch() {
  const player = AsciinemaPlayer.create({ driver: "eventsource", url: box.dataset.url, bufferTime: 50 }, box, {
    fit: "width",
    autoPlay: true,
    controls: false,
    terminalFontFamily: getComputedStyle(document.documentElement).getPropertyValue("--mono"),
  });
  // The page of what was recorded has the rest.
  player.addEventListener("ended", () => location.reload());
}

if (box?.dataset.watch) {
  watch();
} else if (box) {
  replay().catch(() => fail("The recording could not be loaded. Reload the page to try again."));
}
