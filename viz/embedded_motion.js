// What a page knows of a replay: the packed tables, and where robots are at any time.

/** Unpack what `viz.embedded_data` packed: a head in JSON and named arrays. */
async function unpackReplay(text) {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream();
  const inflated = stream.pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(inflated).arrayBuffer());
  const length = new DataView(bytes.buffer).getUint32(0, true);
  let place = 4 + length;
  const data = JSON.parse(new TextDecoder().decode(bytes.subarray(4, place)));
  for (const [name, size, count] of data.arrays) {
    const part = bytes.slice(place, place + size * count);
    place += part.length;
    data[name] = size === 1 ? part : summed(new Int32Array(part.buffer));
  }
  return data;
}

/** Undo differences, in place. */
function summed(numbers) {
  for (let i = 1; i < numbers.length; i++) numbers[i] += numbers[i - 1];
  return numbers;
}

/** How many of some ascending numbers, from first up to last, are at most a value. */
function countUpTo(numbers, value, first, last) {
  let low = first;
  let high = last;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - first;
}

/** The part of an array that belongs to one of the groups that end at `ends`. */
function groupOf(numbers, ends, group) {
  return numbers.subarray(group ? ends[group - 1] : 0, ends[group]);
}

// A code tells the state of a robot, and in its low three bits the move that follows:
// none, up, right, down, left, a turn to the left, to the right, or a jump.
const JUMP = 7;
const COL_STEP = [0, 0, 1, 0, -1, 0, 0];
const ROW_STEP = [0, -1, 0, 1, 0, 0, 0];
const TURN = [0, 0, 0, 0, 0, -1, 1];
const STEPS_BETWEEN_KEPT = 64;

/** Where every robot is, and what it does, at any time. */
class Motion {
  constructor(data) {
    this.data = data;
    this.robots = data.starts.length;
    this.rows = data.steps + 1;
    this.step = 0;
    this.cells = data.starts.slice();
    this.headings = Int8Array.from(data.headings);
    this.x = new Float64Array(this.robots);
    this.y = new Float64Array(this.robots);
    this.turns = new Float64Array(this.robots);
    this.states = new Uint8Array(this.robots);
    this.jumps = this.findJumps();
    this.kept = this.keepSome();
  }

  /** Number of the jump of a robot at a step, by place of its code. */
  findJumps() {
    const jumps = new Map();
    if (!this.data.jumpCells.length) return jumps;
    const codes = this.data.codes;
    for (let i = 0; i < codes.length; i++) {
      if ((codes[i] & 7) === JUMP) jumps.set(i, jumps.size);
    }
    return jumps;
  }

  /** Positions every few steps, so that any step is near one of them. */
  keepSome() {
    const kept = [];
    for (;;) {
      kept.push([this.cells.slice(), this.headings.slice()]);
      if (this.step + STEPS_BETWEEN_KEPT > this.data.steps) return kept;
      for (let i = 0; i < STEPS_BETWEEN_KEPT; i++) this.advance();
    }
  }

  advance() {
    const { codes, width, jumpCells, jumpHeadings } = this.data;
    for (let robot = 0, i = this.step; robot < this.robots; robot++, i += this.rows) {
      const move = codes[i] & 7;
      if (move === JUMP) {
        const jump = this.jumps.get(i);
        this.cells[robot] = jumpCells[jump];
        this.headings[robot] = jumpHeadings[jump];
      } else {
        this.cells[robot] += ROW_STEP[move] * width + COL_STEP[move];
        this.headings[robot] = (this.headings[robot] + TURN[move] + 4) % 4;
      }
    }
    this.step += 1;
  }

  goTo(step) {
    if (step < this.step || step > this.step + STEPS_BETWEEN_KEPT) {
      const nearest = Math.floor(step / STEPS_BETWEEN_KEPT);
      this.cells.set(this.kept[nearest][0]);
      this.headings.set(this.kept[nearest][1]);
      this.step = nearest * STEPS_BETWEEN_KEPT;
    }
    while (this.step < step) this.advance();
  }

  /** Set x, y (in cells), turns and states of all robots to those of a time in steps. */
  at(t) {
    const { codes, width, jumpCells, jumpHeadings, steps } = this.data;
    const step = Math.min(Math.floor(t), steps);
    const share = Math.min(t - step, 1);
    this.goTo(step);
    for (let robot = 0, i = step; robot < this.robots; robot++, i += this.rows) {
      const cell = this.cells[robot];
      const move = codes[i] & 7;
      const row = Math.floor(cell / width);
      let cols = COL_STEP[move];
      let rows = ROW_STEP[move];
      let turn = TURN[move];
      if (move === JUMP) {
        const jump = this.jumps.get(i);
        rows = Math.floor(jumpCells[jump] / width) - row;
        cols = (jumpCells[jump] % width) - (cell % width);
        turn = ((jumpHeadings[jump] - this.headings[robot] + 5) % 4) - 1;
      }
      this.x[robot] = (cell % width) + cols * share + 0.5;
      this.y[robot] = row + rows * share + 0.5;
      this.turns[robot] = this.headings[robot] + turn * share;
      this.states[robot] = codes[i] >> 3;
    }
  }

  /** Units on board of a robot. */
  unitsOf(robot, t) {
    const { loadSteps, loadUnits, loadEnds } = this.data;
    const first = robot ? loadEnds[robot - 1] : 0;
    const begun = countUpTo(loadSteps, Math.floor(t), first, loadEnds[robot]);
    return begun ? loadUnits[first + begun - 1] : 0;
  }

  /** Where a pod is: its cell, or -2 less the robot that carries it; -1 is unseen. */
  placeOfPod(pod, t) {
    const { podSteps, podPlaces, podEnds } = this.data;
    const first = pod ? podEnds[pod - 1] : 0;
    return podPlaces[first + countUpTo(podSteps, Math.floor(t), first, podEnds[pod]) - 1];
  }

  /** Orders that wait, are worked on and are done at a station. */
  stationAt(station, t) {
    const count = (steps, ends) => {
      const mine = groupOf(steps, ends, station);
      return countUpTo(mine, Math.floor(t), 0, mine.length);
    };
    const ready = count(this.data.readySteps, this.data.readyEnds);
    const begun = count(this.data.beginSteps, this.data.beginEnds);
    const done = count(this.data.endSteps, this.data.endEnds);
    return { waiting: ready - begun, busy: begun - done, done };
  }
}
