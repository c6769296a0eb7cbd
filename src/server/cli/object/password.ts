import { mostOfSecret, readText } from '../../../base/read-text.ts'
import type { Options, World } from '../command.ts'

export type PasswordRead = { readonly password: string | undefined } | { readonly problem: string }

/** The options by which a password comes. It is none itself: arguments are seen by everybody on the machine. */
export const passwordOptions = {
  password: { type: 'boolean' },
  'password-file': { type: 'string' },
} as const

/** A password from a file (`-`: the next line of standard input), or asked for twice; none where neither is wanted. */
export async function readPassword(world: World, options: Options): Promise<PasswordRead> {
  const file = options['password-file']
  if (typeof file === 'string') return file === '-' ? fromPipe(world) : ofOneLine(file)
  if (options.password !== true) return { password: undefined }
  const password = await world.ask('Password: ', true)
  const again = await world.ask('The same again: ', true)
  if (!password)
    return { problem: 'no password was given: type one, or name its file by --password-file' }
  return password === again ? { password } : { problem: 'the two passwords are not the same' }
}

/** Nobody could type another one. */
function ofOneLine(file: string): PasswordRead {
  const read = fromFile(file)
  if ('problem' in read || !/[\r\n]/.test(read.password ?? '')) return read
  return { problem: `${file}: has more than one line, and is to hold the password alone` }
}

/** What secrets of a document are sealed under; none where no file is named. */
export function readPassphrase(
  file: string | boolean | undefined,
): { readonly passphrase: string | undefined } | { readonly problem: string } {
  if (typeof file !== 'string') return { passphrase: undefined }
  const read = fromFile(file)
  if ('problem' in read) return read
  const { password: passphrase } = read
  if (passphrase === undefined || passphrase.length < shortestPassphrase)
    return { problem: `${file}: must have at least ${shortestPassphrase} characters` }
  return { passphrase }
}

const shortestPassphrase = 12

async function fromPipe(world: World): Promise<PasswordRead> {
  const password = await world.ask('', true)
  return password ? { password } : { problem: 'standard input has no password' }
}

function fromFile(file: string): PasswordRead {
  try {
    const password = readText(file, mostOfSecret).replace(/\r?\n$/, '')
    return password === '' ? { problem: `${file}: is empty` } : { password }
  } catch (error) {
    return { problem: `${file}: ${(error as Error).message}` }
  }
}
