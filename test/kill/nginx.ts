/** Debian's nginx before two servers, with the configuration that the package has for it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pathOf } from '../program.ts'
import type { Wire } from '../wire.ts'

const shipped = join(import.meta.dirname, '..', '..', 'packaging', 'nginx-nodes.conf')

/** What of the configuration is otherwise here: no TLS, other ports, a server is tried again sooner, and who answered is told. */
function site(port: number, nodes: readonly number[]): string {
  const changes: readonly (readonly [RegExp, string])[] = [
    [/listen 443 ssl http2;/, `listen 127.0.0.1:${port};`],
    [/^ *(?:ssl_|add_header Strict).*\n/gm, ''],
    [/parapet-1:8080/, `127.0.0.1:${nodes[0]}`],
    [/parapet-2:8080/, `127.0.0.1:${nodes[1]}`],
    [/fail_timeout=2s/g, 'fail_timeout=1s'],
    [/\$host;/g, '$http_host;'],
    [/location \/ \{/, 'location / { add_header X-Answered-By $upstream_addr always;'],
  ]
  return changes.reduce(
    (text, [found, instead]) => {
      const changed = text.replace(found, instead)
      if (changed === text) throw new Error(`${found} is not in ${shipped}`)
      return changed
    },
    readFileSync(shipped, 'utf8'),
  )
}

export interface Nginx {
  /** What it says went wrong. */
  errors(): string
  /** Settles when the server on this port has answered by way of it. @throws Error where another answer than 200 comes. */
  sendsTo(node: number): Promise<void>
  stop(): Promise<void>
}

/** Starts it before servers on these ports, and waits until it answers `w`. */
export async function startNginx(w: Wire, nodes: readonly number[]): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'parapet-nginx-'))
  const file = join(folder, 'nginx.conf')
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ')
  writeFileSync(
    file,
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log warn;
     ${process.getuid?.() === 0 ? 'user root;' : ''}
     events { worker_connections 1024; }
     http { access_log off; ${temporary} ${site(w.port, nodes)} }`,
  )
  const child = spawn(pathOf('nginx'), ['-c', file, '-p', folder, '-e', `${folder}/error.log`], {
    stdio: 'inherit',
  })
  const end = (): boolean => child.kill('SIGKILL')
  process.once('exit', end)
  const answers = (): Promise<boolean> =>
    w.call('GET', '/am/json/health/live').then(
      ({ status }) => status === 200,
      () => false,
    )
  while (!(await answers())) {
    if (child.exitCode !== null) throw new Error(readFileSync(`${folder}/error.log`, 'utf8'))
    await delay(20)
  }
  return {
    errors: () => readFileSync(`${folder}/error.log`, 'utf8'),
    async sendsTo(node) {
      while (!(await answerer(w)).endsWith(`:${node}`)) await delay(20)
    },
    async stop() {
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
      process.off('exit', end)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Address and port of who answered; of several that were tried, the last one's at the end. */
async function answerer(w: Wire): Promise<string> {
  const { status, headers, text } = await w.call('GET', '/am/json/health/live')
  if (status !== 200) throw new Error(`nginx answers ${status}: ${text}`)
  return String(headers['x-answered-by'])
}
