import { openAddress, pushCommand } from './by-hand.ts'
import { demoUser } from './seed.ts'

/** What a demo prints when it is up: where things are, a push that works as it stands, and where to go with it. */
export function banner(origin: string, adminPassword: string | undefined): string {
  const alpha = `${origin}/am/oauth2/realms/root/realms/alpha`
  const lines = [
    '',
    `  parapet is up at ${origin}`,
    '',
    `  try it in a browser   ${origin}/demo`,
    `  discovery             ${alpha}/.well-known/openid-configuration`,
    `  user                  ${demoUser.username} / ${demoUser.password}`,
    '  clients               myClient / mySecret, myPublicClient (public)',
  ]
  if (adminPassword !== undefined) {
    lines.push(`  administrator         amadmin / ${adminPassword}   (shown this once)`)
  }
  const push = pushCommand(origin).replace(/^/gm, '  ')
  const open = `  ${openAddress(origin)}…`
  lines.push('', '  push a request:', '', push, '', '  open it with its request_uri:', '', open, '')
  return `${lines.join('\n')}\n`
}
