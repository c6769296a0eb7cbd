import { loginHints } from '../authorization/login-hints.ts'
import { accessToken } from './access-token.ts'
import { assets } from './asset.ts'
import { authorize } from './authorize/authorize.ts'
import { discovery } from './discovery.ts'
import { endSessionEndpoint } from './end-session.ts'
import type { Endpoint } from './endpoint.ts'
import { live, ready } from './health.ts'
import { introspect } from './introspect.ts'
import { authenticate } from './json/authenticate.ts'
import { realmConfig } from './json/realm-config/index.ts'
import { serverInfo } from './json/server-info.ts'
import { sessions } from './json/sessions.ts'
import { jwkUri } from './jwk-uri.ts'
import { login } from './login.ts'
import { par } from './par.ts'
import { revoke } from './revoke.ts'
import { tokenInfo } from './token-info.ts'
import { userinfo } from './userinfo.ts'

const protocol: readonly Endpoint[] = [
  par,
  authorize,
  accessToken,
  userinfo,
  introspect,
  revoke,
  jwkUri,
  endSessionEndpoint,
  tokenInfo,
]

/** Every URL of the server. */
export const endpoints: readonly Endpoint[] = [
  ...protocol,
  discovery(protocol),
  authenticate,
  sessions,
  serverInfo,
  login(loginHints),
  ...realmConfig,
  ...assets,
  live,
  ready,
]
