/** Whether what the documents say can be pasted here. */
import { spawnSync } from 'node:child_process'
import { isCi } from './program.ts'

const tools = spawnSync('bash', ['-c', 'curl --version'], { stdio: 'ignore' }).status === 0
const absent = 'no bash or no curl found'

/** As with the browser: reported as missing, but in CI it runs and fails. */
export const needsCurl: { readonly skip?: string } = tools || isCi() ? {} : { skip: absent }
