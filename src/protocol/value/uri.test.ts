import assert from 'node:assert/strict'
import { test } from 'node:test'
import { originProblem, webUriProblem } from './uri.ts'

test('X-4 what pages link to and what is fetched: https, or http on this machine', () => {
  assert.equal(webUriProblem('https://a.example/logo.png'), undefined)
  assert.equal(webUriProblem('http://localhost:9000/jwks'), undefined)
  assert.equal(webUriProblem('http://169.254.169.254/latest'), 'not https')
  assert.equal(webUriProblem('ftp://a.example/'), 'not https')
  assert.equal(typeof webUriProblem('javascript:alert(1)'), 'string')
})

test('C-28 origins are exact; PingAM writes the default port beside them', () => {
  for (const origin of ['https://a.example', 'https://a.example:443', 'http://localhost:3000']) {
    assert.equal(originProblem(origin), undefined)
  }
  for (const text of [
    'https://a.example/',
    'a.example',
    'null',
    '*',
    'https://*.example',
    'https://A.example',
  ]) {
    assert.equal(originProblem(text), 'not a web origin')
  }
})
