import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { selfSigned } from '../../test/certificate.ts'

const block = resolve(import.meta.dirname, '../../packaging/nginx.conf')

/** A proxy that ends TLS, as `packaging/nginx.conf` has it but for its ports and files. */
export interface Proxy {
  readonly certificate: string
  readonly end: () => Promise<void>
}

export function hasNginx(): boolean {
  return spawnSync('nginx', ['-v']).status === 0
}

/** Writes what nginx needs to run in `folder`, at `port`, before a server at `backend`; gives its certificate. */
function configure(folder: string, port: number, backend: number): string {
  const { cert, key } = selfSigned('localhost')
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  for (const kind of kinds) mkdirSync(join(folder, kind))
  writeFileSync(join(folder, 'tls.pem'), cert)
  writeFileSync(join(folder, 'tls.key'), key, { mode: 0o600 })
  const ours = readFileSync(block, 'utf8')
    .replace('127.0.0.1:8080', `127.0.0.1:${backend}`)
    .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replace('server_name as.example', 'server_name localhost')
    .replaceAll('/etc/parapet/', `${folder}/`)
    // A name with a port is known by both.
    .replaceAll('$host;', '$http_host;')
  const temporary = kinds.map((kind) => `${kind}_temp_path ${join(folder, kind)};`).join('\n')
  const around = `daemon off;\nworker_processes 1;\npid ${join(folder, 'nginx.pid')};\nevents {}\n`
  const text = `${around}http {\naccess_log off;\n${temporary}\n${ours}\n}\n`
  writeFileSync(join(folder, 'nginx.conf'), text)
  return cert
}

/** Runs nginx there. It listens long before a server that is started next. */
export function proxy(folder: string, port: number, backend: number): Proxy {
  const certificate = configure(folder, port, backend)
  const args = ['-c', join(folder, 'nginx.conf'), '-p', folder, '-e', join(folder, 'nginx.log')]
  execFileSync('nginx', ['-t', '-q', ...args], { stdio: ['ignore', 'inherit', 'inherit'] })
  const child = spawn('nginx', args, { stdio: ['ignore', 'inherit', 'inherit'] })
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
