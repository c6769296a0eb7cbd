/*
 * A QR code (ISO/IEC 18004): bytes, versions 1 to 10, error correction L, which is what the address of an authenticator
 * needs. Rows of modules, true where dark.
 */
import { drawFixed, drawWords, masks, newGrid } from './grid.ts'
import { correctionOf } from './reed-solomon.ts'

/** Versions from 1 on: correction codewords of a block, and blocks (ISO/IEC 18004 table 9, level L). */
const versions: readonly (readonly [correction: number, blocks: number])[] = [
  ...([
    [7, 1],
    [10, 1],
    [15, 1],
    [20, 1],
    [26, 1],
  ] as const),
  ...([
    [18, 2],
    [20, 2],
    [24, 2],
    [30, 2],
    [18, 4],
  ] as const),
]

/** The picture of a text; undefined: it is too long for one. */
export function qrCode(text: string): readonly (readonly boolean[])[] | undefined {
  const bytes = Buffer.from(text)
  const version = versions.findIndex((_, i) => bytes.length + headerOf(i + 1) <= dataOf(i + 1)) + 1
  if (version === 0) return undefined
  const words = interleaved(codewords(bytes, version), version)
  const pictures = masks.map((mask, i) => {
    const grid = newGrid(version)
    drawFixed(grid, version, i)
    drawWords(grid, words, mask)
    return grid.dark
  })
  return pictures.toSorted((a, b) => unrest(a) - unrest(b))[0]
}

/** Bytes before the text: four bits say that bytes follow, and how many stands in one or two bytes. */
function headerOf(version: number): number {
  return version < 10 ? 2 : 3
}

function rawWords(version: number): number {
  const patterns = Math.floor(version / 7) + 2
  let modules = (16 * version + 128) * version + 64
  if (version >= 2) modules -= (25 * patterns - 10) * patterns - 55
  return Math.floor((version >= 7 ? modules - 36 : modules) / 8)
}

function dataOf(version: number): number {
  const [correction, blocks] = versions[version - 1] as readonly [number, number]
  return rawWords(version) - correction * blocks
}

/** ISO/IEC 18004 §7.4: the mode, how many bytes, the bytes, and filling. */
function codewords(bytes: Buffer, version: number): Buffer {
  const count = bytes.length.toString(2).padStart(version < 10 ? 8 : 16, '0')
  const body = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
  const bits = `0100${count}${body}0000`
  const words = Array.from({ length: dataOf(version) }, (_, i) => {
    const word = bits.slice(i * 8, i * 8 + 8)
    if (word !== '') return Number.parseInt(word.padEnd(8, '0'), 2)
    return (i - Math.ceil(bits.length / 8)) % 2 === 0 ? 0xec : 0x11
  })
  return Buffer.from(words)
}

/** ISO/IEC 18004 §7.6: the words of all blocks by turns, and then what corrects them. */
function interleaved(data: Buffer, version: number): readonly number[] {
  const [correction, count] = versions[version - 1] as readonly [number, number]
  const short = Math.floor(data.length / count)
  const longer = data.length % count
  let from = 0
  const blocks = Array.from({ length: count }, (_, i) => {
    const length = short + (i >= count - longer ? 1 : 0)
    from += length
    return data.subarray(from - length, from)
  })
  return [...byTurns(blocks), ...byTurns(blocks.map((block) => correctionOf(block, correction)))]
}

function byTurns(lists: readonly Uint8Array[]): readonly number[] {
  const longest = Math.max(...lists.map(({ length }) => length))
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list[i] ?? [])).flat()
}

/** How much a picture has of what readers stumble over: long lines and whole squares (ISO/IEC 18004 §7.8.3). */
function unrest(dark: readonly (readonly boolean[])[]): number {
  const columns = dark.map((_, x) => dark.map((row) => row[x] as boolean))
  const lines = [...dark, ...columns].map((line) => line.map((is) => (is ? '1' : '0')).join(''))
  const runs = lines.flatMap((line) => line.match(/0{5,}|1{5,}/g) ?? [])
  let squares = 0
  for (let y = 1; y < dark.length; y += 1)
    for (let x = 1; x < dark.length; x += 1) {
      const four = [dark[y]?.[x], dark[y - 1]?.[x], dark[y]?.[x - 1], dark[y - 1]?.[x - 1]]
      if (new Set(four).size === 1) squares += 3
    }
  return runs.reduce((sum, run) => sum + run.length - 2, squares)
}
