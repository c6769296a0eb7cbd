import type { Problem } from '../../protocol/problem.ts'
import type { EndUser } from '../../user/end-user.ts'
import { mayGive } from '../authority.ts'
import type { Change } from '../kind.ts'
import type { UserInput } from './input.ts'

/** What people cannot change about themselves without anybody's leave, by the names it is sent under. */
const others = {
  username: 'username',
  status: 'inetUserStatus',
  roles: 'roles',
  groups: 'groups',
  password: 'userpassword',
  passwordHash: 'passwordHash',
  devices: 'devices',
  notes: 'notes',
  mustChange: 'pwdReset',
} as const

/** Whether what is said of an account is nobody's word but its user's. */
export function isUnproven({ authority, unproven }: Change): boolean {
  return unproven === true || (authority !== undefined && authority.administers === undefined)
}

/** Why whoever asks may not make this change; undefined: they may (C-29). */
export function notAllowed(
  wanted: UserInput,
  before: EndUser | undefined,
  change: Change,
): Problem | undefined {
  const { authority } = change
  if (authority !== undefined && authority.administers === undefined) {
    const field = Object.keys(others).find((name) => name in wanted) as keyof typeof others
    if (before?.sub !== change.sub) return { path: '', text: 'is somebody else’s' }
    const [attribute] = wanted.values.find(([{ byOthers }]) => byOthers) ?? []
    const path = attribute?.name ?? (field && others[field])
    return path === undefined ? undefined : { path, text: 'is not for the user to change' }
  }
  const given = wanted.roles?.find(
    (role) => !before?.roles.includes(role) && !mayGive(change, role),
  )
  return given === undefined
    ? undefined
    : { path: 'roles', text: 'may only name roles of your own' }
}
