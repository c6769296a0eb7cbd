import { kinds, made } from './callback-kinds.js'
import { put } from './member.js'
import { plain } from './outside.js'

/** What is told of an action beside where it leads, by the names of its methods. */
const texts = {
  withHeader: 'header',
  withDescription: 'description',
  withStage: 'stage',
  withErrorMessage: 'errorMessage',
  withLockoutMessage: 'lockoutMessage',
}

/** The methods that any action has, over what they tell. */
function extend(action, told) {
  const set = (name, value) => {
    told[name] = value
    return action
  }
  for (const [method, name] of Object.entries(texts))
    action[method] = (value) => set(name, typeof value === 'string' ? value : plain(value))
  action.putSessionProperty = (name, value) => {
    put(told.properties, name, String(value))
    return action
  }
  action.removeSessionProperty = (name) => {
    put(told.properties, name, null)
    return action
  }
  action.withIdentifiedUser = (user) => set('user', identityOf(user))
  action.withIdentifiedAgent = (agent) => set('agent', identityOf(agent))
  action.withIdentifiedIdentity = (user) => set('user', identityOf(user))
  action.withMaxSessionTime = (minutes) => set('maxSessionTime', minutesOf(minutes))
  action.withMaxIdleTime = (minutes) => set('maxIdleTime', minutesOf(minutes))
  action.addNodeType = () => action
  action.addWebhook = () => action
  action.addWebhooks = () => action
  return action
}

/** PingAM takes a number, or a java.util.Optional of one. */
function minutesOf(value) {
  return Number(typeof value?.get === 'function' ? value.get() : value)
}

function identityOf(user) {
  return typeof user?.getName === 'function' ? String(user.getName()) : String(user)
}

function nothing() {
  return { properties: {} }
}

/** `action` of the next generation. */
export function builder(told) {
  const action = {
    goTo: (outcome) => {
      told.outcome = String(outcome)
      return action
    },
    suspend: (message, ...more) => {
      told.suspend = { message: String(message ?? '') }
      for (const each of more)
        if (typeof each === 'function') told.onSuspend = each
        else told.suspend.minutes = Number(each)
      return action
    },
  }
  return extend(action, told)
}

export const fresh = nothing

/** What older scripts assign to `action`: made by `Action`, told from whatever else they may assign. */
const actions = new WeakMap()

function start(more) {
  const told = { ...nothing(), ...more }
  const action = extend({ build: () => action }, told)
  action.replaceSharedState = (state) => {
    told.shared = plain(state)
    return action
  }
  action.replaceTransientState = (state) => {
    told.transient = plain(state)
    return action
  }
  action.sendingCallbacks = () => told.callbacks !== undefined
  actions.set(action, told)
  return action
}

/** `org.forgerock.openam.auth.node.api.Action` */
export const Action = {
  goTo: (outcome) => start({ outcome: String(outcome) }),
  send: (...callbacks) =>
    start({ callbacks: callbacks.flat().map((each) => each.__callback ?? null) }),
  suspend: (handler) => start({ suspend: { message: '' }, onSuspend: asFunction(handler) }),
}

/** Rhino takes a function where Java has an interface with one method. */
function asFunction(handler) {
  return typeof handler === 'function' ? handler : (...args) => Object.values(handler)[0](...args)
}

/** What was assigned, or nothing that PingAM would know. */
export function toldBy(action) {
  return actions.get(action)
}

/** The class by which older scripts make a callback. */
export function callbackClass(name) {
  const { constants = {} } = kinds[name]
  function Callback(...args) {
    const callback = made(name, args)
    return { __callback: callback, ...settersOf(callback) }
  }
  return Object.assign(Callback, constants)
}

function settersOf({ type, output, values }) {
  return {
    setValue: (value) => {
      values[0] = value
    },
    setName: (value) => {
      values[0] = String(value)
    },
    setText: (value) => {
      values[0] = String(value)
    },
    setSelectedIndex: (i) => {
      values[0] = i
    },
    setTrackingCookie: (value) => {
      output.trackingCookie = value
    },
    getPrompt: () => output.prompt ?? null,
    getId: () => output.id ?? null,
    toString: () => type,
  }
}
