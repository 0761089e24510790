// What scripts add to staff pages; every page works without them.
import './work/draft-form.ts'
import './work/keys.ts'
import './work/live-counts.ts'
import './work/live-progress.ts'
import './work/submit-once.ts'

// Whoever hears or zooms the page starts where something must be put right, or was just done.
document.querySelector<HTMLElement>('.errors[autofocus], .note[autofocus]')?.focus()
