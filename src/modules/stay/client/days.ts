// "My days in Russia", counted on the phone. Nothing leaves it: the script asks the network for nothing, and writes to the
// phone only what the person wants kept. Every word stands in the page (`pages/`); here are days and numbers.
import { calendarFile } from './calendar.ts'
import { type Count, countStays, type Draft, faultsOf, isWithin, type Limits, type Stay } from './count.ts'
import { type Day, dayOnClock, readDay, writeDay } from './day.ts'
import { DEADLINES, type Deadline, deadlinesOf, patentSpan, type Terms } from './deadlines.ts'

const KEPT = 'hamsafar.days'
/** So many days before the end it is time to act. */
const SOON = 14
const PAYMENTS_SHOWN = 3

const one = <T extends HTMLElement>(selector: string, within: ParentNode = document) =>
  within.querySelector<T>(selector)!
const all = <T extends HTMLElement>(selector: string, within: ParentNode = document) => [
  ...within.querySelectorAll<T>(selector),
]

const form = one<HTMLFormElement>('#days')
const stays = one('#stays')
const result = one('#result')
const keep = one<HTMLInputElement>('#keep')
const months = form.dataset.months!.split(' ')
const [total, unbroken, registration, work, patent] = JSON.parse(form.dataset.rules!)
const limits: Limits = { total, unbroken }
const terms: Terms = { registration, work, patent }
let deadlines: Deadline[] = []

const today = () => dayOnClock(new Date())

function say(day: Day): string {
  const [year, month, date] = writeDay(day).split('-').map(Number) as [number, number, number]
  return [date, months[month - 1], year].join('\u00a0')
}

/** Shows the parts that have something to say, hides the others, and writes what they say. */
function tell(values: Record<string, string | number | boolean | null>, within: ParentNode = document) {
  for (const [name, value] of Object.entries(values)) {
    for (const part of all(`[data-if="${name}"]`, within)) part.hidden = value === null || value === false
    for (const slot of all(`[data-out="${name}"]`, within)) slot.textContent = String(value ?? '')
  }
}

// ---- the trips

const boxes = () => [...stays.children]
const field = (box: Element, name = 'entry') => one<HTMLInputElement>(`[data-day=${name}]`, box)
const dayIn = (name: string, within: Element = form) => readDay(field(within, name).value)
// What is to come has not been obtained yet.
const pastDayIn = (name: string) => {
  const day = dayIn(name)
  return day !== null && day <= today() ? day : null
}
const draftOf = (box: Element): Draft => ({ entry: dayIn('entry', box), exit: dayIn('exit', box) })

function addStay() {
  stays.append(one<HTMLTemplateElement>('template', form).content.cloneNode(true))
  describe()
}

// Each day again in words: a slip of the finger shows, in whatever order the phone writes its dates.
function describe() {
  boxes().forEach((box, index, { length }) => {
    const { entry, exit } = draftOf(box)
    const days = entry === null ? 0 : (exit ?? Math.max(today(), entry)) - entry + 1
    tell(
      {
        number: index + 1,
        days: days > 0 && days,
        entry: entry === null ? null : say(entry),
        exit: exit === null ? null : say(exit),
        open: exit === null,
        remove: length > 1,
      },
      box,
    )
  })
}

// ---- the answer

/** Counts and tells; false when a trip must be put right first. */
function count(): boolean {
  const drafts = boxes().map(draftOf)
  const faults = faultsOf(drafts, limits, today())
  boxes().forEach((box, index) => {
    const fault = faults[index]!
    for (const text of all('.wrong-text span', box)) text.hidden = text.dataset.if !== fault
    for (const input of all('input', box)) input.setAttribute('aria-invalid', String(fault !== null))
    tell({ fault: fault !== null }, box)
  })
  const wrong = faults.findIndex((fault) => fault !== null)
  result.hidden = wrong >= 0
  if (wrong >= 0) field(boxes()[wrong]!).focus()
  else answer(drafts as Stay[])
  return wrong < 0
}

function answer(trips: Stay[]) {
  const patents = ['patent', 'patent_before'].flatMap((name) => pastDayIn(name) ?? []).sort((a, b) => b - a)
  const free = patents.map(patentSpan)
  const { at, entry, total, unbroken, last, beyond }: Count = countStays(trips, limits, today(), free)
  const inside = entry !== null
  const bound = !isWithin(free, at)
  const of = ({ used, limit }: { used: number; limit: number }) => (bound ? `${used} / ${limit}` : used)
  const left = last !== null && bound && (inside ? last - at : total!.limit - total!.used)
  const isSoon = inside && left !== false && left <= SOON
  deadlines = deadlinesOf(
    {
      entry,
      last: inside && bound ? last : null,
      patent: patents[0] ?? null,
      registered: pastDayIn('registered'),
      registered_until: dayIn('registered_until'),
    },
    terms,
    today(),
  )
  tell({
    today: say(today()),
    unknown: !total,
    patent: !bound,
    ended: bound && patents.length > 0,
    patent_until: patents.length > 0 && say(free[0]![1]),
    contract: bound && pastDayIn('contract') !== null,
    over: beyond !== null,
    none: bound && total !== null && !inside && last === null,
    soon: isSoon && left,
    left: !isSoon && left,
    used: total && of(total),
    unbroken: unbroken && of(unbroken),
    last: left !== false && inside && say(last!),
    if_today: left !== false && !inside && say(last!),
    beyond: beyond && say(beyond.first),
    beyond_days: beyond && beyond.days,
    dates: deadlines.length > 0,
    calendar: deadlines.some(({ day }) => day >= today()),
  })
  for (const kind of DEADLINES) {
    const days = deadlines.filter((deadline) => deadline.kind === kind).map(({ day }) => day)
    tell({
      [`date_${kind}`]: days.length > 0 && days.slice(0, PAYMENTS_SHOWN).map(say).join(', '),
      [`passed_${kind}`]: days[0]! < today(),
    })
  }
}

function saveCalendar() {
  const days = deadlines
    .filter(({ day }) => day >= today())
    .map(({ kind, day }) => ({ day, text: one(`[data-if=date_${kind}] dt`).textContent! }))
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([calendarFile(days, new Date())], { type: 'text/calendar' }))
  link.download = 'hamsafar.ics'
  link.click()
}

// ---- what stays on the phone: nothing, unless the person says so

const days = () => all<HTMLInputElement>('[data-day]', form)

// A browser may forbid any storage; then nothing is kept.
function store(text: string | null) {
  try {
    if (text === null) localStorage.removeItem(KEPT)
    else localStorage.setItem(KEPT, text)
  } catch {
    keep.checked = false
  }
}

/** Begins with these days, as they stood in the fields one after the other, or with none. */
function start(kept: string[] | null) {
  form.reset()
  stays.replaceChildren()
  do addStay()
  while (kept && days().length < kept.length)
  days().forEach((input, index) => {
    input.value = kept?.[index] ?? ''
  })
  keep.checked = kept !== null
  result.hidden = true
  describe()
  if (kept) count()
}

// ---- what the person does

const acts: Record<string, (button: Element) => void> = {
  add() {
    addStay()
    field(stays.lastElementChild!).focus()
  },
  remove(button) {
    button.closest('fieldset')!.remove()
    changed()
    field(boxes()[0]!).focus()
  },
  clear() {
    store(null)
    start(null)
    tell({ cleared: true })
  },
  calendar: saveCalendar,
  print: () => print(),
}

function changed() {
  describe()
  store(keep.checked ? JSON.stringify(days().map(({ value }) => value)) : null)
  tell({ cleared: false })
}

document.addEventListener('click', ({ target }) => {
  const button = (target as Element).closest<HTMLElement>('[data-act]')
  if (button) acts[button.dataset.act!]!(button)
})
form.addEventListener('input', changed)
form.addEventListener('submit', (event) => {
  event.preventDefault()
  if (count()) result.focus()
})
// Whoever comes back to the page finds nothing, unless the days are kept.
addEventListener('pagehide', () => keep.checked || start(null))

let kept: string[] | null = null
try {
  kept = JSON.parse(localStorage.getItem(KEPT) ?? 'null')
} catch {
  // No storage, so nothing was kept.
}
start(kept)
one('#without').hidden = true
one<HTMLDetailsElement>('#paper').open = false
form.hidden = false

// ---- without network

const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined
if (workers) {
  addEventListener('load', async () => {
    try {
      await workers.register(`${location.pathname}-worker.js`, { scope: location.pathname })
      await workers.ready
      tell({ saved: true })
    } catch {
      // A private window, or no room on the phone: then the page needs the network.
    }
  })
  tell({ offline: !navigator.onLine })
}
