// The panel with the drive that a session has on the host: folders, downloads, uploads.

import { confirmed, element, part, say, showProblem } from "./elements.js";
import { Offers } from "./offers.js";
import { Transfers, unbase64 } from "./transfers.js";

const order = new Intl.Collator(undefined, { numeric: true });
const answerMillis = 15_000;
const root = "/";

export class Files {
  #panel = part("files");
  #button = part("show-files");
  #transfers = new Transfers();
  #offers;
  #drive = null;
  #mayIn = false;
  #mayOut = false;
  #path = root;
  #names = new Set();
  #asked = 0;
  #back;

  /** @param back gives the focus to the desktop */
  constructor(back) {
    this.#back = back;
    this.#offers = new Offers(back);
    this.#button.addEventListener("click", () => (this.#panel.hidden ? this.#open() : this.#close()));
    part("files-close").addEventListener("click", () => this.#close());
    part("files-up").addEventListener("click", () => this.#go(this.#path.replace(/[^/]*\/?$/, "") || root));
    part("files-again").addEventListener("click", () => this.#go(this.#path));
    part("files-upload").addEventListener("click", () => part("files-chosen").click());
    part("files-chosen").addEventListener("change", ({ target }) => {
      this.#upload([...target.files]);
      target.value = "";
    });
    this.#panel.addEventListener("keydown", ({ key }) => key === "Escape" && this.#close());
    this.#takeDrops();
  }

  /** Belongs to a session whose files may go this way: `none`, `in`, `out`, `both`. */
  use(way) {
    this.#transfers.endAll();
    this.#offers.dropAll();
    this.#drive = null;
    this.#mayIn = way === "in" || way === "both";
    this.#mayOut = way === "out" || way === "both";
    this.#button.hidden = true;
    this.#show(false);
    this.#path = root;
    part("files-list").replaceChildren();
    part("files-upload").hidden = part("files-drop").hidden = !this.#mayIn;
  }

  get isBusy() {
    return this.#transfers.isBusy;
  }

  /** The host has a drive. */
  filesystem(object) {
    if (!this.#mayIn && !this.#mayOut) {
      return;
    }
    this.#drive = object;
    this.#button.hidden = false;
    part("files-way").textContent = "This is a drive that the host has for this session. "
      + (this.#mayIn && this.#mayOut ? "Files go both ways." : this.#mayIn ? "Files go to the host only." : "Files come from the host only.");
    object.onundefine = () => this.use("none");
  }

  /** The host has a file for whoever sits here: somebody, or something, put it into its folder for downloads. */
  file(stream, name) {
    if (this.#mayOut) {
      this.#offers.add(stream, name, () => {
        this.#transfers.download(name).receive(stream);
        say(`${name} comes from the host.`);
      });
    } else {
      stream.sendAck("files do not come from the host", Guacamole.Status.Code.CLIENT_FORBIDDEN);
    }
  }

  #show(isShown) {
    this.#panel.hidden = !isShown;
    this.#button.setAttribute("aria-expanded", String(isShown));
  }

  #open() {
    this.#show(true);
    part("files-close").focus();
    return this.#go(this.#path);
  }

  #close() {
    this.#show(false);
    this.#back();
  }

  /** Shows a folder. Of answers that overtake each other only the last one asked for counts. */
  async #go(path) {
    const asked = this.#asked += 1;
    try {
      const entries = await listing(this.#drive, path);
      if (asked === this.#asked) {
        showProblem(part("files-problem"));
        this.#path = path;
        this.#list(entries);
      }
    } catch (error) {
      if (asked === this.#asked) {
        showProblem(part("files-problem"), error.message);
      }
    }
  }

  #list(entries) {
    const shown = Object.entries(entries)
      .map(([path, type]) => ({ path, name: path.replace(/\/$/, "").split("/").pop(), isFolder: type === Guacamole.Object.STREAM_INDEX_MIMETYPE }))
      .filter(({ name }) => name !== "." && name !== ".." && name !== "")
      .sort((one, other) => other.isFolder - one.isFolder || order.compare(one.name, other.name));
    this.#names = new Set(shown.map(({ name }) => name));
    part("files-path").textContent = this.#path;
    part("files-up").disabled = this.#path === root;
    part("files-none").hidden = shown.length > 0;
    part("files-list").replaceChildren(...shown.map((entry) => this.#item(entry)));
  }

  #item({ path, name, isFolder }) {
    const item = element("li", "");
    if (!isFolder && !this.#mayOut) {
      item.append(element("span", "files-name", name));
      return item;
    }
    const button = element("button", "files-name link", isFolder ? `${name}/` : name);
    button.type = "button";
    button.title = isFolder ? `Open ${name}` : `Download ${name}`;
    button.addEventListener("click", () => (isFolder ? this.#go(path) : this.#download(path, name)));
    item.append(button);
    return item;
  }

  #download(path, name) {
    const download = this.#transfers.download(name);
    this.#drive.requestInputStream(path, (stream) => download.receive(stream));
  }

  async #upload(files) {
    for (const file of files) {
      const exists = this.#names.has(file.name);
      if (!exists || await confirmed(`${file.name} exists in ${this.#path}. Replace it?`, "Replace")) {
        this.#uploadTo(this.#path, file);
      }
    }
  }

  #uploadTo(folder, file) {
    const drive = this.#drive;
    const path = folder.replace(/\/?$/, "/") + file.name;
    const open = () => drive.createOutputStream(file.type || "application/octet-stream", path);
    this.#transfers.upload(file, open, () => this.#drive === drive && folder === this.#path && !this.#panel.hidden && this.#go(folder));
  }

  #takeDrops() {
    const drop = part("drop");
    const carriesFiles = (event) => this.#drive !== null && this.#mayIn && event.dataTransfer.types.includes("Files");
    document.addEventListener("dragenter", (event) => {
      if (carriesFiles(event)) {
        part("drop-path").textContent = this.#path;
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
    await this.#open();
    await this.#upload(files);
  }
}

/** Entries of a folder: their type by their path. */
function listing(drive, path) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The host does not answer for ${path}.`)), answerMillis);
    drive.requestInputStream(path, (stream, type) => {
      clearTimeout(timer);
      if (type !== Guacamole.Object.STREAM_INDEX_MIMETYPE) {
        stream.sendAck("not a folder", Guacamole.Status.Code.CLIENT_BAD_TYPE);
        reject(new Error(`${path} is not a folder.`));
        return;
      }
      const pieces = [];
      stream.onblob = (data) => {
        pieces.push(unbase64(data));
        stream.sendAck("OK", Guacamole.Status.Code.SUCCESS);
      };
      stream.onend = async () => resolve(JSON.parse(await new Blob(pieces).text()));
      stream.sendAck("OK", Guacamole.Status.Code.SUCCESS);
    });
  });
}
