import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const { source } = createRequire(import.meta.url)('axe-core') as { source: string }

/** What axe-core finds wrong with the page as it stands, each as `rule: first place`. */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  await page.evaluate(source)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } }
    const { violations } = await axe.run()
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
  })
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string
    readonly nodes: readonly { html: string }[]
  }[]
}
