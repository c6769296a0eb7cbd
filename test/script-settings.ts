/** What a server's settings say of scripts: where nothing is set, and where all is. */
export const scriptDefaults = {
  scriptThreads: 4,
  scriptTime: 1000,
  scriptWhole: 20000,
  scriptHttpTime: 5000,
  scriptMemory: 32,
  scriptStack: 256,
  scriptCalls: 50,
  scriptCallLength: 262144,
  scriptResultLength: 262144,
  scriptLogLength: 16384,
}

export const scriptEnvironment = {
  PARAPET_SCRIPT_THREADS: '2',
  PARAPET_SCRIPT_TIME: '500',
  PARAPET_SCRIPT_WHOLE_TIME: '9000',
  PARAPET_SCRIPT_HTTP_TIME: '4000',
  PARAPET_SCRIPT_MEMORY: '16',
  PARAPET_SCRIPT_STACK: '128',
  PARAPET_SCRIPT_CALLS: '5',
  PARAPET_SCRIPT_CALL_LENGTH: '2048',
  PARAPET_SCRIPT_RESULT_LENGTH: '4096',
  PARAPET_SCRIPT_LOG_LENGTH: '1024',
}

export const scriptsSet = {
  scriptThreads: 2,
  scriptTime: 500,
  scriptWhole: 9000,
  scriptHttpTime: 4000,
  scriptMemory: 16,
  scriptStack: 128,
  scriptCalls: 5,
  scriptCallLength: 2048,
  scriptResultLength: 4096,
  scriptLogLength: 1024,
}
