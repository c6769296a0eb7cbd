// Sends the form by itself when the time is there at which the server said that it may be asked again.
const place = document.getElementById('wait')
setTimeout(() => place.closest('form').requestSubmit(), Number(place.dataset.milliseconds))
