/** Page of the counted trials: every call of `trials(n)` in the tests. */
import { code, page, table } from './markdown.ts'
import { sourcePaths, sourceText } from './source-text.ts'

/** `trials.md`: how often a short run tries, and a long one. */
export function trialsPage(): string {
  const rows = sourcePaths('src/**/*.test.ts', 'test/**/*.test.ts').flatMap((path) => {
    const calls = [...sourceText(path).matchAll(/\btrials\(([\d_]+)(?:, (\d+))?\)/g)]
    const counts = calls.map(([, n = '', least = '1']) => {
      const long = Number(n.replaceAll('_', ''))
      return `${grouped(Math.max(Number(least), Math.ceil(long / 100)))} ${grouped(long)}`
    })
    return [...new Set(counts)].map((pair) => [`[${path}](../../${path})`, ...pair.split(' ')])
  })
  return page(
    'Counted trials',
    'the calls of `trials` in the tests',
    `What has to be tried very often runs at a hundredth in \`npm test\` and in full in \`npm run test:long\`; see [tests](../guide/tests.md). The numbers are those of ${code('trials(n)')} in \`test/scale.ts\`.`,
    table(['Test', '`npm test`', '`npm run test:long`'], rows),
  )
}

function grouped(n: number): string {
  return String(n).replace(/\B(?=(?:\d{3})+$)/g, ',')
}
