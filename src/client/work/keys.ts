const openMenus = () => document.querySelectorAll<HTMLDetailsElement>('details.menu[open]')

/** `/` goes to the search field; Escape and a click elsewhere close an open menu. */
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    for (const menu of openMenus()) {
      menu.open = false
      menu.querySelector('summary')?.focus()
    }
  }
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
  const search = document.querySelector<HTMLInputElement>('input[type=search]')
  if (!search) return
  event.preventDefault()
  search.focus()
  search.select()
})

/** A button or link that names a key is pressed by it. */
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.repeat || isTyping(event.target)) return
  const named = document.querySelectorAll<HTMLElement>('[aria-keyshortcuts]')
  const one = [...named].find((element) => element.getAttribute('aria-keyshortcuts') === event.key)
  if (!one) return
  event.preventDefault()
  one.click()
})

document.addEventListener('click', (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target as Node)) menu.open = false
})

const isTyping = (target: EventTarget | null) =>
  target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null
