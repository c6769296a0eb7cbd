/** Bindings of PingAM behind which this server has nothing: each says so when it is used. */
function missing(name) {
  return () => {
    throw new Error(`${name} is not there: this server has no policies`)
  }
}

export const policy = {
  evaluate: missing('policy.evaluate'),
  evaluateTree: missing('policy.evaluateTree'),
}
