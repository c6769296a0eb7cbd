// ISSUER=… AGENT=… PORT=… node main.js
import { startService } from './service.js'

const { ISSUER: issuer, AGENT: agent = 'rcs', PORT: port = '9090' } = process.env
if (issuer) {
  const { origin } = await startService({ issuer, agent, port: Number(port) })
  process.stdout.write(`The consent service of ${issuer} is at ${origin}\n`)
} else {
  process.stderr.write('ISSUER has to be the issuer of the realm whose people are asked.\n')
  process.exitCode = 2
}
