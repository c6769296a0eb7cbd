// Copies what an error page says of its request, for whoever is asked for help. Where no script runs, or
// the browser lets no page write to the clipboard, the text is there to be selected.
const button = document.getElementById('copy')
const said = document.getElementById('copied')

/** `Error: invalid_request`, one line for each row, folded or not. */
function rows() {
  return [...document.querySelectorAll('main dl > div')]
    .map((row) => [...row.children].map((each) => each.textContent).join(': '))
    .join('\n')
}

if (navigator.clipboard !== undefined) {
  button.hidden = false
  button.addEventListener('click', () => {
    navigator.clipboard.writeText(rows()).then(
      () => {
        said.textContent = button.dataset.done
      },
      () => getSelection().selectAllChildren(document.getElementById('report')),
    )
  })
}
