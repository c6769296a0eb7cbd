/** nginx as `packaging` has it, but for its ports and files: a real one, in a folder of its own. */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { selfSigned } from '../certificate.ts'
import { pathOf } from '../program.ts'

const packaging = resolve(import.meta.dirname, '../../packaging')

/** A proxy that ends TLS. */
export interface Proxy {
  readonly certificate: string
  readonly end: () => Promise<void>
}

/** The one for a server on the same machine, or the one for several. */
export type Block = 'nginx.conf' | 'nginx-nodes.conf'

/**
 * Runs nginx in `folder`, at `port`, before servers at these ports of this machine. It listens long before a
 * server that is started next.
 */
export function proxy(
  folder: string,
  port: number,
  servers: readonly number[],
  block: Block = 'nginx.conf',
): Proxy {
  const certificate = configure(folder, port, servers, block)
  const args = ['-c', join(folder, 'nginx.conf'), '-p', folder, '-e', join(folder, 'nginx.log')]
  const nginx = pathOf('nginx')
  execFileSync(nginx, ['-t', '-q', ...args], { stdio: ['ignore', 'inherit', 'inherit'] })
  const child = spawn(nginx, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  const kill = (): boolean => child.kill('SIGTERM')
  process.once('exit', kill)
  const closed = once(child, 'close')
  return {
    certificate,
    async end() {
      child.kill('SIGQUIT')
      process.removeListener('exit', kill)
      assert.deepEqual(await closed, [0, null])
    },
  }
}

/** Writes what nginx needs to run there; gives its certificate. */
function configure(folder: string, port: number, servers: readonly number[], block: Block): string {
  const { cert, key } = selfSigned('localhost')
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  for (const kind of kinds) mkdirSync(join(folder, kind))
  writeFileSync(join(folder, 'tls.pem'), cert)
  writeFileSync(join(folder, 'tls.key'), key, { mode: 0o600 })
  const ports = servers.values()
  const ours = readFileSync(join(packaging, block), 'utf8')
    .replace(/(?<=^ {2}server )\S+:8080(?=[ ;])/gm, () => `127.0.0.1:${ports.next().value}`)
    .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replace('server_name as.example', 'server_name localhost')
    .replaceAll('/etc/parapet/', `${folder}/`)
    // A name with a port is known by both.
    .replaceAll('$host;', '$http_host;')
  assert.equal(ports.next().done, true, `${block} has fewer servers than there are`)
  const temporary = kinds.map((kind) => `${kind}_temp_path ${join(folder, kind)};`).join('\n')
  const around = `daemon off;\nworker_processes 1;\npid ${join(folder, 'nginx.pid')};\nevents {}\n`
  const text = `${around}http {\naccess_log off;\n${temporary}\n${ours}\n}\n`
  writeFileSync(join(folder, 'nginx.conf'), text)
  return cert
}
