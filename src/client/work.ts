// What scripts add to staff pages; every page works without them.
import './keys.ts'
import './live-progress.ts'
import './submit-once.ts'

// Whoever hears or zooms the page starts where something must be put right.
document.querySelector<HTMLElement>('.errors')?.focus()
