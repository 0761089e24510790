// Long enough for any answer; after it a form whose answer was a download can be sent again.
const PATIENCE = 10_000

/** A form that is on its way is not sent a second time by an impatient second click. */
document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement
  if (form.hasAttribute('aria-busy')) return event.preventDefault()
  if (event.defaultPrevented) return
  form.setAttribute('aria-busy', 'true')
  setTimeout(() => free(form), PATIENCE)
})

// The browser's way back may bring the page as it was left.
addEventListener('pageshow', () => document.querySelectorAll<HTMLFormElement>('form[aria-busy]').forEach(free))

function free(form: HTMLFormElement) {
  form.removeAttribute('aria-busy')
}
