// Draws the floor, pods and robots of a replay on a canvas.

const KINDS = ["floor", "wall", "rack", "pod_spot", "station_pad", "charger", "home", "door"];
const EMPTY = 0;
const CARRYING = 1;
const SERVING = 2;
const WAITING = 3;
const IDLE = 4;
const LEAST_FOR_LINES = 8; // pixels of a cell
const LEAST_FOR_ARROWS = 12;
const LEAST_FOR_SHAPES = 6; // pixels of a robot
const MARGIN = 24; // pixels of the page around the floor, where names have room

/** A canvas that is not shown, and its context. */
function canvasOf(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width));
  canvas.height = Math.max(1, Math.round(height));
  return [canvas, canvas.getContext("2d")];
}

/** Draw the shape of a state into a square: nobody needs the colour to know it. */
function drawState(pen, state, size, colours) {
  const colour = colours.states[state];
  const box = (inset, fill) => {
    const edge = size * inset;
    pen.fillStyle = fill;
    pen.beginPath();
    pen.roundRect(edge, edge, size - 2 * edge, size - 2 * edge, (size - 2 * edge) * 0.24);
    pen.fill();
  };
  const shape = (fill, corners) => {
    pen.fillStyle = fill;
    pen.beginPath();
    for (const [x, y] of corners) pen.lineTo(x * size, y * size);
    pen.fill();
  };
  if (state === EMPTY) {
    box(0.1, colour);
    box(0.27, colours.robot_ink);
  } else if (state === CARRYING) {
    box(0.08, colour);
    if (size >= 12) box(0.3, colours.robot_ink);
    if (size >= 12) box(0.37, colour);
  } else if (state === SERVING) {
    shape(colour, [[0.5, 0], [1, 0.5], [0.5, 1], [0, 0.5]]);
    if (size >= 12) shape(colours.robot_ink, [[0.5, 0.32], [0.68, 0.5], [0.5, 0.68], [0.32, 0.5]]);
  } else if (state === WAITING) {
    pen.fillStyle = colour;
    for (const left of [0.14, 0.58]) pen.fillRect(left * size, 0.08 * size, 0.28 * size, 0.84 * size);
  } else if (state === IDLE) {
    pen.fillStyle = colour;
    pen.beginPath();
    pen.arc(size / 2, size / 2, size * 0.3, 0, 7);
    pen.fill();
  } else {
    shape(colour, [[0.58, 0], [0.2, 0.56], [0.47, 0.56], [0.4, 1], [0.8, 0.4], [0.52, 0.4]]);
  }
}

/** The picture of a replay at a time, seen from a place. */
class FloorPicture {
  constructor(data, motion, canvas) {
    this.data = data;
    this.motion = motion;
    this.canvas = canvas;
    this.pen = canvas.getContext("2d");
    this.left = this.top = 0; // of the floor, in pixels of the canvas
    this.scale = 1; // pixels of a cell
    this.colours = data.palettes.light;
    this.sprites = [];
    this.drawnFloor = null;
  }

  useTheme(theme) {
    this.colours = this.data.palettes[theme];
    this.sprites = [];
    this.drawnFloor = this.cells = null;
  }

  /** Whether all of the floor is in sight. */
  get fitted() {
    return this.scale <= this.fittingScale * 1.001;
  }

  get fittingScale() {
    const { width, height } = this.data;
    const room = (pixels) => Math.max(1, pixels - 2 * this.margin);
    return Math.min(room(this.canvas.width) / width, room(this.canvas.height) / height);
  }

  get margin() {
    return MARGIN * devicePixelRatio;
  }

  fit() {
    this.scale = this.fittingScale;
    this.keepInside();
  }

  /** Change the scale, and leave a pixel where it is on the floor. */
  zoom(factor, x, y) {
    const most = 60 * devicePixelRatio;
    const scale = Math.max(this.fittingScale, Math.min(most, this.scale * factor));
    this.left = x - ((x - this.left) / this.scale) * scale;
    this.top = y - ((y - this.top) / this.scale) * scale;
    this.scale = scale;
    this.keepInside();
  }

  pan(x, y) {
    this.left += x;
    this.top += y;
    this.keepInside();
  }

  /** Leave no more beside the floor than has to be. */
  keepInside() {
    const hold = (place, all, part) => {
      const beside = all - part - this.margin;
      if (beside >= this.margin) return (all - part) / 2;
      return Math.min(this.margin, Math.max(beside, place));
    };
    this.left = hold(this.left, this.canvas.width, this.data.width * this.scale);
    this.top = hold(this.top, this.canvas.height, this.data.height * this.scale);
    this.drawnFloor = null;
  }

  draw(t) {
    const { pen, motion } = this;
    motion.at(t);
    this.drawnFloor ??= this.drawFloor();
    pen.drawImage(this.drawnFloor, 0, 0);
    this.drawPods(t, false);
    this.drawRobots();
    this.drawPods(t, true);
    this.drawConflicts(t);
    this.drawNames();
  }

  /** A pixel for each cell. */
  cellPixels() {
    const { width, height, kinds } = this.data;
    const [canvas, pen] = canvasOf(width, height);
    for (let cell = 0; cell < kinds.length; cell++) {
      pen.fillStyle = this.colours[KINDS[kinds[cell]]];
      pen.fillRect(cell % width, Math.floor(cell / width), 1, 1);
    }
    return canvas;
  }

  drawFloor() {
    const [canvas, pen] = canvasOf(this.canvas.width, this.canvas.height);
    const { data, scale, left, top } = this;
    this.cells ??= this.cellPixels();
    pen.fillStyle = this.colours.outside;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.imageSmoothingEnabled = scale < 1;
    pen.drawImage(this.cells, left, top, data.width * scale, data.height * scale);
    if (scale >= LEAST_FOR_LINES) this.drawLines(pen);
    pen.strokeStyle = this.colours.station;
    pen.lineWidth = Math.max(2, scale * 0.12);
    for (const [, cell] of [...data.stations, ...data.fillers]) {
      const [x, y] = this.corner(cell);
      const side = Math.max(scale, 6);
      pen.strokeRect(x, y, side, side);
    }
    return canvas;
  }

  /** Part cells by fine lines, and mark one-way floor. */
  drawLines(pen) {
    const { data, scale } = this;
    const { width, height, kinds, oneWay } = data;
    const first = [Math.max(0, Math.floor(-this.left / scale)), Math.max(0, Math.floor(-this.top / scale))];
    const last = [
      Math.min(width, Math.ceil((this.canvas.width - this.left) / scale)),
      Math.min(height, Math.ceil((this.canvas.height - this.top) / scale)),
    ];
    for (let row = first[1]; row < last[1]; row++) {
      for (let col = first[0]; col < last[0]; col++) {
        const cell = row * width + col;
        const [x, y] = this.corner(cell);
        const rack = KINDS[kinds[cell]] === "rack";
        pen.fillStyle = rack ? this.colours.rack_line : this.colours.grid;
        if (rack || KINDS[kinds[cell]] === "floor") {
          pen.fillRect(x, y, scale, 1);
          pen.fillRect(x, y, 1, scale);
        }
        if (oneWay[cell] && scale >= LEAST_FOR_ARROWS) {
          this.drawArrow(pen, x, y, oneWay[cell] - 1);
        }
      }
    }
  }

  drawArrow(pen, x, y, direction) {
    pen.save();
    pen.translate(x + this.scale / 2, y + this.scale / 2);
    pen.rotate((direction * Math.PI) / 2);
    pen.strokeStyle = this.colours.arrow;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.moveTo(-this.scale * 0.2, this.scale * 0.1);
    pen.lineTo(0, -this.scale * 0.12);
    pen.lineTo(this.scale * 0.2, this.scale * 0.1);
    pen.stroke();
    pen.restore();
  }

  /** Pixels of the upper left corner of a cell. */
  corner(cell) {
    const { width } = this.data;
    const row = Math.floor(cell / width);
    return [
      Math.round(this.left + (cell % width) * this.scale),
      Math.round(this.top + row * this.scale),
    ];
  }

  drawPods(t, carried) {
    const { pen, motion, data, scale } = this;
    const side = Math.max(2, scale * (carried ? 0.52 : 0.78));
    pen.fillStyle = this.colours.rack_face;
    pen.strokeStyle = this.colours.robot_ink;
    pen.lineWidth = 1;
    for (let pod = 0; pod < data.pods.length; pod++) {
      const place = motion.placeOfPod(pod, t);
      if (place === -1 || carried !== place < 0) continue;
      const robot = -2 - place;
      const x = this.left + (carried ? motion.x[robot] : (place % data.width) + 0.5) * scale;
      const row = Math.floor(place / data.width) + 0.5;
      const y = this.top + (carried ? motion.y[robot] : row) * scale;
      pen.fillRect(x - side / 2, y - side / 2, side, side);
      if (side >= 5) pen.strokeRect(x - side / 2, y - side / 2, side, side);
    }
  }

  /** Pixels across a robot. */
  get robotSize() {
    const crowding = this.motion.robots / (this.data.kinds.length * this.scale ** 2);
    const size = Math.max(7 * devicePixelRatio, this.scale * 1.2);
    return size * size * crowding <= 0.6 ? size : Math.max(2, this.scale);
  }

  drawRobots() {
    const { pen, motion, scale, canvas } = this;
    const size = this.robotSize;
    const half = size / 2;
    for (let robot = 0; robot < motion.robots; robot++) {
      const x = this.left + motion.x[robot] * scale;
      const y = this.top + motion.y[robot] * scale;
      if (x < -size || y < -size || x > canvas.width + size || y > canvas.height + size) continue;
      const state = motion.states[robot];
      if (size < LEAST_FOR_SHAPES) {
        pen.fillStyle = this.colours.states[state];
        pen.fillRect(x - half, y - half, size, size);
      } else {
        pen.drawImage(this.sprite(state, size), x - half - 1, y - half - 1);
        if (this.data.turning && size >= 11) this.drawNose(x, y, half, motion.turns[robot]);
      }
    }
  }

  /** Picture of a robot with a dark edge of a pixel, kept for its size. */
  sprite(state, size) {
    if (this.spriteSize !== size) this.sprites = [];
    this.spriteSize = size;
    return (this.sprites[state] ??= edgedState(state, size, this.colours));
  }

  /** Mark the front of a robot that turns. */
  drawNose(x, y, half, turns) {
    const { pen } = this;
    pen.save();
    pen.translate(x, y);
    pen.rotate((turns * Math.PI) / 2);
    pen.fillStyle = this.colours.selected;
    pen.beginPath();
    pen.moveTo(0, -half);
    pen.lineTo(half * 0.48, -half * 0.4);
    pen.lineTo(-half * 0.48, -half * 0.4);
    pen.fill();
    pen.restore();
  }

  /** Ring around what robots of a faulty plan do about now. */
  drawConflicts(t) {
    const { pen, data } = this;
    pen.strokeStyle = this.colours.bad;
    pen.lineWidth = 3;
    for (let i = 0; i < data.conflictSteps.length; i++) {
      if (data.conflictCells[i] < 0 || Math.abs(data.conflictSteps[i] - t) > 2) continue;
      const [x, y] = this.corner(data.conflictCells[i]);
      const middle = this.scale / 2;
      pen.beginPath();
      pen.arc(x + middle, y + middle, Math.max(9, this.scale), 0, 7);
      pen.stroke();
    }
  }

  /** Write the names of stations beside their docks, none over another. */
  drawNames() {
    const { pen, data, canvas } = this;
    const size = 11 * devicePixelRatio;
    pen.font = `600 ${size}px system-ui, sans-serif`;
    pen.textBaseline = "middle";
    const taken = [];
    for (const [name, cell] of [...data.stations, ...data.fillers]) {
      const [x, y] = this.corner(cell);
      const wide = pen.measureText(name).width + size;
      const left = Math.max(0, Math.min(canvas.width - wide, x + this.scale / 2 - wide / 2));
      const lower = cell / data.width >= data.height / 2;
      const top = lower ? y + Math.max(this.scale, 6) + size * 0.3 : y - size * 1.8;
      const box = [left, top, wide, size * 1.5];
      if (taken.some((other) => overlap(box, other))) continue;
      taken.push(box);
      pen.fillStyle = this.colours.panel;
      pen.strokeStyle = this.colours.station;
      pen.lineWidth = 1;
      pen.beginPath();
      pen.roundRect(...box, size * 0.75);
      pen.fill();
      pen.stroke();
      pen.fillStyle = this.colours.text;
      pen.fillText(name, left + size / 2, top + size * 0.8);
    }
  }

  /** The robot at a pixel, or -1. */
  robotAt(x, y) {
    const { motion, scale } = this;
    let nearest = -1;
    let least = Math.max(0.6 * scale, 9 * devicePixelRatio);
    for (let robot = 0; robot < motion.robots; robot++) {
      const away = Math.hypot(
        this.left + motion.x[robot] * scale - x,
        this.top + motion.y[robot] * scale - y,
      );
      if (away < least) [nearest, least] = [robot, away];
    }
    return nearest;
  }
}

function overlap(a, b) {
  return a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3];
}

function edgedState(state, size, colours) {
  const [shape, shapePen] = canvasOf(size, size);
  drawState(shapePen, state, shape.width, colours);
  const [shadow, shadowPen] = canvasOf(shape.width, shape.height);
  shadowPen.drawImage(shape, 0, 0);
  shadowPen.globalCompositeOperation = "source-in";
  shadowPen.fillStyle = colours.robot_ink;
  shadowPen.fillRect(0, 0, shape.width, shape.height);
  const [edged, pen] = canvasOf(shape.width + 2, shape.height + 2);
  for (const [dx, dy] of [[0, 1], [2, 1], [1, 0], [1, 2]]) pen.drawImage(shadow, dx, dy);
  pen.drawImage(shape, 1, 1);
  return edged;
}
