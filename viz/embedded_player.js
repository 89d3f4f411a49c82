// Plays the replay of a page: buttons, keys, pointer, and what is told beside the floor.

const SPEEDS = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500];
const WHOLE_S = 60; // a plan is played in about this time at first

function clockOf(seconds) {
  const whole = Math.round(seconds);
  const two = (number) => String(number).padStart(2, "0");
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

/** A number with commas, as the rest of the page has them. */
function digits(number) {
  return number.toLocaleString("en");
}

class Player {
  constructor(root, data) {
    this.data = data;
    this.root = root;
    this.part = (name) => root.querySelector(`[data-part=${name}]`);
    this.motion = new Motion(data);
    this.picture = new FloorPicture(data, this.motion, this.part("floor"));
    this.t = 0;
    this.playing = false;
    this.pointer = null;
    this.told = -1;
    this.speed = this.firstSpeed();
    this.fillSpeeds();
    this.fillStations();
    this.listen();
    this.resize();
    new ResizeObserver(() => this.resize()).observe(this.part("stage"));
  }

  /** The speed at which the whole takes about a minute. */
  firstSpeed() {
    const wanted = Math.max(1, (this.data.duration * this.data.stepS) / WHOLE_S);
    return SPEEDS.find((speed) => speed >= wanted) ?? SPEEDS.at(-1);
  }

  fillSpeeds() {
    const select = this.part("speed");
    for (const speed of SPEEDS) select.add(new Option(`${speed}x`, speed));
    select.value = this.speed;
    this.part("time").max = Math.ceil(this.data.duration);
  }

  /** A line for each station. */
  fillStations() {
    const list = this.part("stations");
    this.stationWords = this.data.stations.map(([name]) => {
      const item = document.createElement("li");
      const words = document.createElement("span");
      const head = document.createElement("b");
      head.textContent = name;
      item.append(head, words);
      list.append(item);
      return words;
    });
  }

  listen() {
    const on = (name, kind, act) => this.part(name).addEventListener(kind, act);
    on("play", "click", () => this.toggle());
    on("back", "click", () => this.step(-1));
    on("ahead", "click", () => this.step(1));
    on("closer", "click", () => this.zoom(1.5));
    on("farther", "click", () => this.zoom(1 / 1.5));
    on("fit", "click", () => this.fit());
    on("speed", "change", (event) => (this.speed = Number(event.target.value)));
    on("time", "input", (event) => this.seek(Number(event.target.value)));
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.listenToPointer();
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => this.useTheme(dark.matches ? "dark" : "light");
    dark.addEventListener("change", follow);
    addEventListener("beforeprint", () => this.useTheme("light"));
    addEventListener("afterprint", follow);
    follow();
  }

  useTheme(theme) {
    this.picture.useTheme(theme);
    this.drawLegend();
    this.draw();
  }

  key(event) {
    const space = event.key === " ";
    const typing = event.target.matches(space ? "select, button" : "select, input");
    const acts = {
      " ": () => this.toggle(),
      ArrowLeft: () => this.step(event.shiftKey ? -10 : -1),
      ArrowRight: () => this.step(event.shiftKey ? 10 : 1),
      Home: () => this.seek(0),
      End: () => this.seek(this.data.duration),
      "+": () => this.zoom(1.5),
      "-": () => this.zoom(1 / 1.5),
      0: () => this.fit(),
      "<": () => this.changeSpeed(-1),
      ">": () => this.changeSpeed(1),
    };
    const act = acts[event.key];
    if (!act || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  }

  changeSpeed(places) {
    const at = SPEEDS.indexOf(this.speed) + places;
    this.speed = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at))];
    this.part("speed").value = this.speed;
  }

  toggle() {
    this.playing = !this.playing;
    if (this.playing && this.t >= this.data.duration) this.t = 0;
    const words = this.playing ? "Pause" : "Play";
    this.part("play").textContent = this.playing ? "❚❚" : "▶";
    this.part("play").setAttribute("aria-label", words);
    this.part("play").title = `${words} (space)`;
    if (this.playing) requestAnimationFrame((now) => this.frame(now, now));
  }

  frame(now, before) {
    if (!this.playing) return;
    const steps = (((now - before) / 1000) * this.speed) / this.data.stepS;
    this.moveTo(this.t + steps);
    if (this.t >= this.data.duration) this.toggle();
    else requestAnimationFrame((next) => this.frame(next, now));
  }

  /** Stand still at a time in steps. */
  seek(t) {
    if (this.playing) this.toggle();
    this.moveTo(t);
  }

  /** Go to the next whole step, or so many of them. */
  step(places) {
    this.seek((places > 0 ? Math.floor(this.t) : Math.ceil(this.t)) + places);
  }

  moveTo(t) {
    this.t = Math.max(0, Math.min(this.data.duration, t));
    this.draw();
  }

  zoom(factor, x, y) {
    const { width, height } = this.picture.canvas;
    this.picture.zoom(factor, x ?? width / 2, y ?? height / 2);
    this.afterZoom();
  }

  fit() {
    this.picture.fit();
    this.afterZoom();
  }

  /** Leave fingers that drag to the page while there is nothing to drag. */
  afterZoom() {
    this.picture.canvas.style.touchAction = this.picture.fitted ? "pan-y" : "none";
    this.draw();
  }

  resize() {
    const stage = this.part("stage");
    const { width, height } = this.data;
    const wanted = ((stage.clientWidth - 2 * MARGIN) * height) / width + 2 * MARGIN;
    const tall = Math.min(640, Math.max(140, wanted));
    const size = [stage.clientWidth, tall].map((side) => Math.round(side * devicePixelRatio));
    const { canvas } = this.picture;
    if (canvas.width === size[0] && canvas.height === size[1]) return;
    [canvas.width, canvas.height] = size;
    this.fit();
  }

  listenToPointer() {
    const { canvas } = this.picture;
    const pixel = (event) => [event.offsetX * devicePixelRatio, event.offsetY * devicePixelRatio];
    const held = new Map();
    canvas.addEventListener("pointerdown", (event) => {
      held.set(event.pointerId, pixel(event));
      canvas.setPointerCapture(event.pointerId);
      this.part("stage").focus({ preventScroll: true });
      this.point(pixel(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (held.has(event.pointerId)) this.drag(held, event.pointerId, pixel(event));
      this.point(pixel(event));
    });
    for (const kind of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(kind, (event) => held.delete(event.pointerId));
    }
    canvas.addEventListener("pointerleave", () => this.point(null));
    canvas.addEventListener(
      "wheel",
      (event) => {
        const chosen = document.activeElement === this.part("stage");
        if (!chosen && !event.ctrlKey) return;
        event.preventDefault();
        this.zoom(Math.exp(-event.deltaY / 300), ...pixel(event));
      },
      { passive: false },
    );
  }

  /** Move the floor with one pointer, and zoom with two. */
  drag(held, id, [x, y]) {
    const [fromX, fromY] = held.get(id);
    held.set(id, [x, y]);
    const other = [...held].find(([key]) => key !== id)?.[1];
    if (other) {
      const before = Math.hypot(fromX - other[0], fromY - other[1]);
      this.zoom(Math.hypot(x - other[0], y - other[1]) / Math.max(1, before), ...other);
    } else {
      this.picture.pan(x - fromX, y - fromY);
      this.draw();
    }
  }

  /** Tell of the robot below a pixel; null takes the words away. */
  point(pixel) {
    this.pointer = pixel;
    this.tellRobot();
  }

  tellRobot() {
    const tip = this.part("tip");
    const robot = this.pointer ? this.picture.robotAt(...this.pointer) : -1;
    tip.hidden = robot < 0;
    if (robot < 0) return;
    tip.textContent = this.wordsOf(robot);
    const { left, top, scale, canvas } = this.picture;
    const x = (left + this.motion.x[robot] * scale) / devicePixelRatio;
    const y = (top + this.motion.y[robot] * scale) / devicePixelRatio;
    const most = canvas.clientWidth - tip.offsetWidth - 4;
    tip.style.left = `${Math.max(4, Math.min(most, x + 12))}px`;
    tip.style.top = `${y < 40 ? y + 14 : y - 36}px`;
  }

  wordsOf(robot) {
    const words = [`Robot ${this.data.numbers[robot]}`];
    words.push(this.data.states[this.motion.states[robot]]);
    const units = this.motion.unitsOf(robot, this.t);
    if (units) words.push(`${units} ${units === 1 ? "unit" : "units"}`);
    const pod = this.data.pods.findIndex((_, one) => this.motion.placeOfPod(one, this.t) === -2 - robot);
    if (pod >= 0) words.push(`pod ${this.data.pods[pod]}`);
    return words.join(" · ");
  }

  draw() {
    this.picture.draw(this.t);
    this.tellTime();
    this.tellRobot();
  }

  tellTime() {
    const { data, t } = this;
    const time = clockOf(t * data.stepS);
    const slider = this.part("time");
    slider.value = t;
    slider.setAttribute("aria-valuetext", time);
    this.part("clock").textContent = `${time} / ${clockOf(data.duration * data.stepS)}`;
    const done = countUpTo(data.doneSteps, Math.floor(t), 0, data.doneSteps.length);
    this.part("done").textContent = `${digits(done)} of ${digits(data.orders)} orders done`;
    this.countStates();
    if (this.told === Math.floor(t)) return;
    this.told = Math.floor(t);
    this.stationWords.forEach((words, station) => {
      const { waiting, busy, done: packed } = this.motion.stationAt(station, t);
      const packing = `${digits(busy)} packing, ${digits(waiting)} waiting`;
      const work = data.openOrders ? `${digits(busy)} open` : packing;
      words.textContent = `${work}, ${digits(packed)} done`;
      words.parentNode.classList.toggle("busy", busy > 0);
    });
  }

  countStates() {
    const counts = new Array(this.data.states.length).fill(0);
    for (const state of this.motion.states) counts[state] += 1;
    counts.forEach((count, state) => (this.legendCounts[state].textContent = digits(count)));
  }

  /** The shape, colour and number of robots of each state. */
  drawLegend() {
    const list = this.part("legend");
    list.replaceChildren();
    this.legendCounts = this.data.states.map((word, state) => {
      const item = document.createElement("li");
      const picture = edgedState(state, 14 * devicePixelRatio, this.picture.colours);
      picture.style.width = picture.style.height = "16px";
      const count = document.createElement("b");
      item.append(picture, `${word} `, count);
      list.append(item);
      return count;
    });
  }
}

async function startReplay() {
  const root = document.getElementById("replay");
  const words = root.querySelector("[data-part=trouble]");
  if (typeof DecompressionStream === "undefined") {
    words.textContent = "This browser is too old to play it: one of 2023 or later does.";
    return;
  }
  const data = await unpackReplay(document.getElementById("replay-data").textContent);
  words.remove();
  root.querySelector("[data-part=player]").hidden = false;
  root.player = new Player(root, data);
}

startReplay();
