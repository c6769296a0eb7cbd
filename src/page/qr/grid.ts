/* How a QR code is drawn (ISO/IEC 18004 §6.3, §7.7 to §7.10). */

export interface Grid {
  readonly size: number
  readonly dark: boolean[][]
  /** What is not data. */
  readonly fixed: boolean[][]
}

export function newGrid(version: number): Grid {
  const size = version * 4 + 17
  const empty = () => Array.from({ length: size }, () => Array<boolean>(size).fill(false))
  return { size, dark: empty(), fixed: empty() }
}

function set({ dark, fixed, size }: Grid, x: number, y: number, is: boolean): void {
  if (x < 0 || y < 0 || x >= size || y >= size) return
  ;(dark[y] as boolean[])[x] = is
  ;(fixed[y] as boolean[])[x] = true
}

export function drawFixed(grid: Grid, version: number, mask: number): void {
  const { size } = grid
  for (let i = 0; i < size; i += 1) {
    set(grid, 6, i, i % 2 === 0)
    set(grid, i, 6, i % 2 === 0)
  }
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    square(grid, x, y, 4, [2, 4])
  const places = alignments(version)
  const last = places.length - 1
  for (const [i, x] of places.entries())
    for (const [j, y] of places.entries())
      if (!((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)))
        square(grid, x, y, 2, [1])
  drawFormat(grid, mask)
  if (version >= 7) drawVersion(grid, version)
}

/** Rings around a middle, light at the given distances. */
function square(grid: Grid, x: number, y: number, radius: number, light: readonly number[]): void {
  for (let dy = -radius; dy <= radius; dy += 1)
    for (let dx = -radius; dx <= radius; dx += 1)
      set(grid, x + dx, y + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))))
}

function alignments(version: number): readonly number[] {
  if (version === 1) return []
  const count = Math.floor(version / 7) + 2
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2
  const from = version * 4 + 10
  return [6, ...Array.from({ length: count - 1 }, (_, i) => from - (count - 2 - i) * step)]
}

/** What is left of bits by a divisor of so many. */
function remainder(bits: number, divisor: number, length: number): number {
  let rest = bits
  for (let i = 0; i < length; i += 1) rest = (rest << 1) ^ ((rest >>> (length - 1)) * divisor)
  return rest
}

/** ISO/IEC 18004 §7.9: level L and the mask, twice. */
function drawFormat(grid: Grid, mask: number): void {
  const { size } = grid
  const data = 8 + mask
  const bits = ((data << 10) | remainder(data, 0x537, 10)) ^ 0x5412
  const bit = (i: number): boolean => ((bits >>> i) & 1) === 1
  for (let i = 0; i < 15; i += 1) {
    const [x, y] =
      i < 6 ? [8, i] : i === 6 ? [8, 7] : i === 7 ? [8, 8] : i === 8 ? [7, 8] : [14 - i, 8]
    set(grid, x, y, bit(i))
    if (i < 8) set(grid, size - 1 - i, 8, bit(i))
    else set(grid, 8, size - 15 + i, bit(i))
  }
  set(grid, 8, size - 8, true)
}

/** ISO/IEC 18004 §7.10. */
function drawVersion(grid: Grid, version: number): void {
  const bits = (version << 12) | remainder(version, 0x1f25, 12)
  for (let i = 0; i < 18; i += 1) {
    const [a, b] = [grid.size - 11 + (i % 3), Math.floor(i / 3)]
    const dark = ((bits >>> i) & 1) === 1
    set(grid, a, b, dark)
    set(grid, b, a, dark)
  }
}

type Mask = (x: number, y: number) => boolean

/** ISO/IEC 18004 table 10. */
export const masks: readonly Mask[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
]

/** ISO/IEC 18004 §7.7.3: up and down in columns of two, from the right. */
export function drawWords({ size, dark, fixed }: Grid, words: readonly number[], mask: Mask): void {
  let i = 0
  for (let right = size - 1; right >= 1; right -= 2) {
    // The sixth column is no data's.
    if (right === 6) right = 5
    for (let step = 0; step < size; step += 1) {
      const y = ((right + 1) & 2) === 0 ? size - 1 - step : step
      for (const x of [right, right - 1]) {
        if (fixed[y]?.[x] === true) continue
        const word = words[i >>> 3] ?? 0
        const bit = ((word >>> (7 - (i & 7))) & 1) === 1
        ;(dark[y] as boolean[])[x] = bit !== mask(x, y)
        i += 1
      }
    }
  }
}
