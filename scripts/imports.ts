/*
 * Preloaded by tests: what a module of the project imports lies where the import says. Node would look for each of some nine
 * hundred files, and for the `package.json` it is under, in each of hundreds of processes: a third of what a start takes.
 */
import { registerHooks } from 'node:module'

const isRelative = /^\.\.?\/.*\.ts$/

registerHooks({
  resolve(specifier, context, next) {
    const { parentURL } = context
    if (!isRelative.test(specifier) || parentURL?.endsWith('.ts') !== true)
      return next(specifier, context)
    const { href } = new URL(specifier, parentURL)
    return { url: href, format: 'module-typescript', shortCircuit: true }
  },
})
