// What a device says of itself, as PingAM's clients write it. Where it stands is not asked.
const field = document.getElementById('device_profile')
const { userAgent, language, languages, platform, hardwareConcurrency, maxTouchPoints } = navigator
const { width, height, colorDepth, pixelDepth, orientation } = screen
const metadata = {
  hardware: {
    cpuClass: null,
    deviceMemory: navigator.deviceMemory ?? null,
    hardwareConcurrency,
    maxTouchPoints,
    oscpu: null,
    display: {
      width,
      height,
      pixelDepth,
      colorDepth,
      angle: orientation?.angle ?? null,
    },
  },
  browser: { userAgent, appName: 'Netscape', appCodeName: 'Mozilla', acceptLanguages: languages },
  platform: {
    language,
    platform,
    userLanguage: null,
    systemLanguage: null,
    timezone: new Date().getTimezoneOffset(),
  },
}
field.value = JSON.stringify({ identifier: '', metadata })
