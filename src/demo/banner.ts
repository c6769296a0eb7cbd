import { demoUser } from './seed.ts'

/** What a demo prints when it is up: where things are, and a push that works as it stands. */
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
  return `${[...lines, '', '  push a request:', '', pushCommand(alpha), ''].join('\n')}\n`
}

/** A push by curl, complete. */
function pushCommand(issuer: string): string {
  const parameters = [
    'response_type=code',
    'scope=openid profile',
    'redirect_uri=https://www.example.com:443/callback',
    'code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    'code_challenge_method=S256',
  ]
  const data = parameters.map((pair) => `    --data-urlencode '${pair}'`)
  return [`  curl -u myClient:mySecret ${issuer}/par`, ...data].join(' \\\n')
}
