import { noRealmAt, realmAt, siteOf } from '../../../config/document/step.ts'
import { anyState } from '../../../config/kind.ts'
import { userKind } from '../../../config/user.ts'
import { reasonFor } from '../../../store/reason-for.ts'
import { type Command, complainOf } from '../command.ts'
import { referencesOf, settingsOrComplaint } from '../configuration.ts'
import { passwordOptions, readPassword } from './password.ts'

/** `parapet admin set-password`: for whoever lost the password of the administrator, or never had one. */
export const admin: Command = {
  name: 'admin',
  usage: 'set-password [<name>] [--password-file <file>] [--realm <path>] [--config <file>]',
  about:
    'Give an administrator another password, asked for unless a file has it; an account amadmin is made where there is none',
  options: {
    'password-file': passwordOptions['password-file'],
    realm: { type: 'string' },
    config: { type: 'string' },
  },
  words: { least: 1, most: 2 },

  async run(world, options, [verb, name = 'amadmin']) {
    if (verb !== 'set-password') {
      world.complain('parapet admin: has the verb set-password\n')
      return 2
    }
    const settings = await settingsOrComplaint(world, options.config)
    if (settings === undefined) return 1
    const asked = options['password-file'] === undefined ? { password: true } : options
    const read = await readPassword(world, asked)
    const problems = 'problem' in read ? [read.problem] : []
    let made = false
    const path = typeof options.realm === 'string' ? options.realm : '/'
    try {
      if ('password' in read)
        problems.push(
          ...(await world.withRealms(settings, 'refuse', async (realms) => {
            const realm = await realmAt(siteOf(realms, 'admin', referencesOf(world)), path)
            if (realm === undefined) return [noRealmAt(path)]
            made = (await userKind.read(realm, name)) === undefined
            return setPassword(realm, name, read.password ?? '')
          })),
        )
    } catch (error) {
      problems.push(reasonFor(error))
    }
    const what = made ? 'is made, an administrator with that password' : 'has another password'
    if (problems.length === 0) world.print(`${name} of ${path} ${what}\n`)
    else complainOf(world, problems, 'with the password')
    return problems.length === 0 ? 0 : 1
  },
}

/** Of an administrator only: whoever lost another account’s password has `parapet user set`. */
export async function setPassword(
  realm: Parameters<typeof userKind.save>[0],
  name: string,
  userpassword: string,
): Promise<string[]> {
  const before = await userKind.read(realm, name)
  const roles = before === undefined ? ['admin'] : before.value.roles
  const at = realm.path === '/' ? '' : ` --realm ${realm.path}`
  if (name.trim() === '') return ['no name is given: leave it out for amadmin']
  if (before === undefined && name !== 'amadmin')
    return [`there is no user ${name} in ${realm.path}: parapet user list${at} tells who there is`]
  if (!Array.isArray(roles) || !roles.includes('admin'))
    return [`${name} is no administrator: parapet user set ${name} --password${at} is for others`]
  const change = { by: 'parapet admin', condition: anyState, trusted: true } as const
  const saved = await userKind.save(
    realm,
    name,
    { username: name, userpassword, roles: ['admin'] },
    change,
  )
  if (saved.outcome === 'invalid')
    return saved.problems.map(({ path, text }) =>
      path === 'userpassword' ? `the password ${text}` : `${path}: ${text}`,
    )
  return 'item' in saved ? [] : [`the account was not changed: ${saved.outcome}`]
}
