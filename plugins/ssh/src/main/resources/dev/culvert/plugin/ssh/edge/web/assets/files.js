// The panel with the host's files: folders, downloads, uploads.

import { confirmed, part, say, showProblem } from "./elements.js";
import { size } from "./sizes.js";
import { Uploads, problemOf } from "./uploads.js";

const time = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const order = new Intl.Collator(undefined, { numeric: true });

export class Files {
  #panel = part("files");
  #list = part("files-list");
  #session = null;
  #csrf = "";
  #path = "";
  #names = new Set();
  #asked = 0;
  #uploads = new Uploads((folder) => folder === this.#path && this.#go(folder));

  constructor(leave) {
    part("show-files").addEventListener("click", () => (this.#panel.hidden ? this.#open() : this.#close()));
    part("files-close").addEventListener("click", () => this.#close());
    part("files-up").addEventListener("click", () => this.#go(joined(this.#path, "..")));
    part("files-go").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#go(part("files-path").value);
    });
    part("files-upload").addEventListener("click", () => part("files-chosen").click());
    part("files-chosen").addEventListener("change", ({ target }) => {
      this.#upload([...target.files]);
      target.value = "";
    });
    this.#panel.addEventListener("keydown", ({ key }) => key === "Escape" && this.#close());
    this.#leave = leave;
    this.#takeDrops();
  }

  #leave;

  /** Belongs to a session from now on, or to none. */
  use(session, csrf) {
    this.#uploads.cancelAll();
    this.#session = session;
    this.#csrf = csrf;
    part("show-files").hidden = session === null;
    this.#path = "";
    this.#list.replaceChildren();
    part("files-upload").disabled = true;
    if (session === null) {
      this.#panel.hidden = true;
      part("show-files").setAttribute("aria-expanded", "false");
    }
  }

  get isBusy() {
    return !this.#uploads.isIdle;
  }

  #open() {
    this.#panel.hidden = false;
    part("show-files").setAttribute("aria-expanded", "true");
    part("files-path").focus();
    this.#go(this.#path);
  }

  #close() {
    this.#panel.hidden = true;
    part("show-files").setAttribute("aria-expanded", "false");
    this.#leave();
  }

  #url(kind, path) {
    return `/.culvert/ssh/sessions/${encodeURIComponent(this.#session)}/${kind}?path=${encodeURIComponent(path)}`;
  }

  /** Shows a folder. Of answers that overtake each other only the last one asked for counts. */
  async #go(path) {
    const asked = this.#asked += 1;
    const { problem, folder } = await this.#read(path);
    if (asked !== this.#asked) {
      return;
    }
    showProblem(part("files-problem"), problem);
    if (folder !== null) {
      this.#show(folder);
    }
  }

  async #read(path) {
    try {
      const answer = await fetch(this.#url("list", path), { redirect: "manual" });
      return answer.ok
        ? { problem: "", folder: await answer.json() }
        : { problem: problemOf(answer.status, await answer.text()), folder: null };
    } catch {
      return { problem: "The folder cannot be read: the connection was lost. Try again.", folder: null };
    }
  }

  #show({ path, entries, truncated = false }) {
    const shown = entries.filter(({ name }) => name !== "." && name !== "..").sort(foldersFirst);
    this.#path = path;
    part("files-upload").disabled = false;
    this.#names = new Set(entries.map(({ name }) => name));
    part("files-path").value = path;
    part("files-none").hidden = shown.length > 0;
    part("files-more").hidden = !truncated;
    this.#list.replaceChildren(...shown.map((entry) => this.#item(entry)));
  }

  #item({ name, type, size: bytes, modified }) {
    const item = document.createElement("li");
    const path = joined(this.#path, name);
    item.dataset.type = type;
    item.append(
      type === "file" ? this.#download(name, path) : this.#folder(name, path, type),
      words("files-facts", [type === "file" ? size(bytes) : "", when(modified)].filter((text) => text).join(", ")));
    return item;
  }

  #folder(name, path, type) {
    if (type === "other") {
      return words("files-name", name);
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "files-name link";
    button.textContent = type === "directory" ? `${name}/` : `${name} →`;
    button.addEventListener("click", () => this.#go(path));
    return button;
  }

  /** The browser downloads it by itself: to disk, with its own progress and cancelling. */
  #download(name, path) {
    const link = document.createElement("a");
    link.className = "files-name";
    link.href = this.#url("files", path);
    link.download = name;
    link.textContent = name;
    link.title = `Download ${name}`;
    return link;
  }

  async #upload(files) {
    for (const file of files) {
      const exists = this.#names.has(file.name);
      if (!exists || await confirmed(`${file.name} exists in ${this.#path}. Replace it?`, "Replace")) {
        this.#uploads.add(file, this.#url("files", joined(this.#path, file.name)), this.#csrf, this.#path);
      }
    }
  }

  #takeDrops() {
    const drop = part("drop");
    const carriesFiles = (event) => this.#session !== null && event.dataTransfer.types.includes("Files");
    document.addEventListener("dragenter", (event) => {
      if (carriesFiles(event)) {
        part("drop-path").textContent = this.#path || "your folder on the host";
        drop.hidden = false;
      }
    });
    document.addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
    document.addEventListener("dragleave", ({ relatedTarget }) => { drop.hidden ||= relatedTarget === null; });
    document.addEventListener("drop", (event) => {
      drop.hidden = true;
      if (carriesFiles(event)) {
        event.preventDefault();
        this.#dropped([...event.dataTransfer.items].filter(({ kind }) => kind === "file"));
      }
    });
  }

  async #dropped(items) {
    const files = items.filter((item) => !item.webkitGetAsEntry()?.isDirectory).map((item) => item.getAsFile());
    if (files.length < items.length) {
      say("Folders are not uploaded: pack them first.");
    }
    this.#panel.hidden = false;
    part("show-files").setAttribute("aria-expanded", "true");
    await this.#go(this.#path);
    if (this.#path !== "") {
      this.#upload(files);
    }
  }
}

function words(className, text) {
  const span = document.createElement("span");
  span.className = className;
  span.textContent = text;
  return span;
}

function when(modified) {
  const at = new Date(modified);
  return Number.isNaN(at.getTime()) ? "" : time.format(at);
}

function foldersFirst(one, other) {
  return (other.type === "directory") - (one.type === "directory") || order.compare(one.name, other.name);
}

function joined(folder, name) {
  return folder === "" || folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}
