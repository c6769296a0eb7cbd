/**
 * Whether a figure that is looked at again and again stays as it is: a straight line through the samples (least
 * squares), and how sure its slope is. One sample is close to the one before it, which would make the slope look surer
 * than it is, so the line goes through the medians of blocks of samples.
 */

/** A figure, `y`, and when it was seen, or after how much work: `x`. */
export interface Sample {
  readonly x: number
  readonly y: number
}

export interface Trend {
  /** What y grows by for one of x. */
  readonly slope: number
  /** Half of the interval in which the slope lies with a probability of 95 %. */
  readonly error: number
  /** Of all y. */
  readonly mean: number
}

const most = 12

/** Two-sided 95 % points of Student's t, for 1 to 10 degrees of freedom. */
const student = [12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228]

/** @throws Error for fewer than three samples: a line through two fits always. */
export function trendOf(samples: readonly Sample[]): Trend {
  const blocks = blocksOf(samples)
  if (blocks.length < 3) throw new Error('a trend needs three samples')
  const [x, y] = [blocks.map((each) => each.x), blocks.map((each) => each.y)]
  const [meanX, mean] = [meanOf(x), meanOf(y)]
  const spread = sum(x.map((each) => (each - meanX) ** 2))
  const slope = sum(blocks.map((each) => (each.x - meanX) * (each.y - mean))) / spread
  const rest = sum(blocks.map((each) => (each.y - mean - slope * (each.x - meanX)) ** 2))
  const freedom = blocks.length - 2
  const error = (student[freedom - 1] ?? 2) * Math.sqrt(rest / freedom / spread)
  return { slope, error, mean }
}

/** At most twelve, of as many samples each as can be. */
function blocksOf(samples: readonly Sample[]): readonly Sample[] {
  const count = Math.min(most, samples.length)
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = [i, i + 1].map((at) => Math.round((at * samples.length) / count))
    const block = samples.slice(from, to)
    return { x: meanOf(block.map(({ x }) => x)), y: medianOf(block.map(({ y }) => y)) }
  })
}

export function medianOf(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return meanOf([sorted[Math.floor(middle)] ?? Number.NaN, sorted[Math.ceil(middle)] ?? Number.NaN])
}

function meanOf(figures: readonly number[]): number {
  return sum(figures) / figures.length
}

function sum(figures: readonly number[]): number {
  return figures.reduce((so, each) => so + each, 0)
}
