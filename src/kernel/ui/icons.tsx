// Drawn for a 24 × 24 field with a line of 1.75. The five `s-` icons are the shapes of the states.
const ICONS = {
  's-ok': '<circle cx="12" cy="12" r="9"/><path d="m8 12.5 2.7 2.7L16 9.5"/>',
  's-attention': '<path d="M12 3.5 22 20.5H2z"/><path d="M12 10v4.5M12 17.4v.1"/>',
  's-stop': '<path d="M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3z"/><path d="M8 12h8"/>',
  's-unknown':
    '<path d="M12 2 22 12 12 22 2 12z"/><path d="M9.8 9.8a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .8-1 1.5M12 16.1v.1"/>',
  's-urgent':
    '<rect x="3" y="3" width="18" height="18" rx="3" fill="currentColor"/><path stroke="var(--glyph, #fff)" stroke-width="2.2" d="M12 7.5v5.5M12 16.4v.1"/>',
  road: '<path d="M4 21C6 13 10 13 11 3M20 21c-2-8-6-8-7-18M12 20v-2M12 14.5v-2"/>',
  work: '<rect x="3" y="8" width="18" height="12" rx="2"/><path d="M9 8V6a2 2 0 0 1 2-2h2a2 2 0 0 1 2 2v2M3 13h18M12 12v2"/>',
  search: '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
  filter: '<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>',
  calendar: '<rect x="3.5" y="5" width="17" height="15.5" rx="2"/><path d="M3.5 10h17M8 3v4M16 3v4M8 14h2M14 14h2"/>',
  pin: '<path d="M12 21c4.5-4.7 6.5-8 6.5-11a6.5 6.5 0 0 0-13 0c0 3 2 6.3 6.5 11z"/><circle cx="12" cy="10" r="2.3"/>',
  phone:
    '<path d="M5 4h4l1.5 5-2.3 1.5a11 11 0 0 0 5.3 5.3L15 13.5l5 1.5v4a1.5 1.5 0 0 1-1.6 1.5A16 16 0 0 1 3.5 5.6 1.5 1.5 0 0 1 5 4z"/>',
  doc: '<path d="M6 3h8l4.5 4.5V21H6z"/><path d="M14 3v5h4.5M9 12.5h6M9 16.5h6"/>',
  money:
    '<rect x="2.5" y="6" width="19" height="12" rx="2"/><circle cx="12" cy="12" r="2.7"/><path d="M6 10v4M18 10v4"/>',
  shield: '<path d="M12 3l7.5 3v5.5c0 4.5-3 7.8-7.5 9.5-4.5-1.7-7.5-5-7.5-9.5V6z"/><path d="m8.7 12 2.4 2.4 4.3-4.6"/>',
  book: '<path d="M12 6.5C10 5 7 4.5 3.5 5v13.5c3.5-.5 6.5 0 8.5 1.5 2-1.5 5-2 8.5-1.5V5C17 4.5 14 5 12 6.5zM12 6.5V20"/>',
  save: '<path d="M12 3.5v11M7.5 10.5 12 15l4.5-4.5M4 17v2.5A1.5 1.5 0 0 0 5.5 21h13a1.5 1.5 0 0 0 1.5-1.5V17"/>',
  door: '<path d="M5 21V4.5A1.5 1.5 0 0 1 6.5 3h11A1.5 1.5 0 0 1 19 4.5V21M2.5 21h19M15 12v1"/>',
  lock: '<rect x="4.5" y="10.5" width="15" height="10" rx="2"/><path d="M8 10.5V7.5a4 4 0 0 1 8 0v3M12 14.5v2"/>',
  health:
    '<path d="M12 20.5C5.5 16 3 12.7 3 9.2A4.7 4.7 0 0 1 12 7a4.7 4.7 0 0 1 9 2.2c0 3.5-2.5 6.8-9 11.3z"/><path d="M12 10v5M9.5 12.5h5"/>',
  office: '<path d="M3 9.5 12 4l9 5.5zM5.5 10v7.5M10 10v7.5M14 10v7.5M18.5 10v7.5M3 20.5h18"/>',
  person: '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5a7.5 7.5 0 0 1 15 0"/>',
  people:
    '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 20a6.5 6.5 0 0 1 13 0M15.5 5.3a3.5 3.5 0 0 1 0 6.4M17.5 14a6.5 6.5 0 0 1 4 6"/>',
  bed: '<path d="M3 6v13M3 16h18v3M21 16v-2.5A2.5 2.5 0 0 0 18.5 11H10v5"/><circle cx="6.5" cy="12" r="1.8"/>',
  clock: '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.3l3.5 2"/>',
  x: '<path d="m6 6 12 12M18 6 6 18"/>',
  right: '<path d="m9 5 7 7-7 7"/>',
  left: '<path d="m15 5-7 7 7 7"/>',
  down: '<path d="m5 9 7 7 7-7"/>',
  print:
    '<path d="M7 9V3.5h10V9M7 17H4.5A1.5 1.5 0 0 1 3 15.5v-5A1.5 1.5 0 0 1 4.5 9h15a1.5 1.5 0 0 1 1.5 1.5v5a1.5 1.5 0 0 1-1.5 1.5H17"/><path d="M7 14h10v6.5H7z"/>',
  share:
    '<circle cx="6" cy="12" r="2.5"/><circle cx="17.5" cy="6" r="2.5"/><circle cx="17.5" cy="18" r="2.5"/><path d="m8.3 10.8 7-3.6M8.3 13.2l7 3.6"/>',
  flag: '<path d="M5 21V4c4-2 7 2 13.5 0v10C12 16 9 12 5 14"/>',
  globe: '<circle cx="12" cy="12" r="9"/><ellipse cx="12" cy="12" rx="3.8" ry="9"/><path d="M3 12h18"/>',
  chart: '<path d="M4 3.5V20.5h17M8.5 16v-4M13 16V7M17.5 16v-6"/>',
  news: '<path d="M4 5h13v14.5H6A2 2 0 0 1 4 17.5zM17 9h3.5v8.5a2 2 0 0 1-2 2M7.5 9h6M7.5 12.5h6M7.5 16h4"/>',
  inbox: '<path d="M3 13.5 6 5h12l3 8.5V19H3z"/><path d="M3 13.5h5.5a3.5 3.5 0 0 0 7 0H21"/>',
  send: '<path d="M21 3.5 3 10.5l7 3.5 3.5 7z"/><path d="M10 14 21 3.5"/>',
  sheet: '<rect x="3.5" y="4" width="17" height="16" rx="2"/><path d="M3.5 9.5h17M3.5 14.7h17M9.5 9.5V20"/>',
  undo: '<path d="M8.5 5 4 9.5 8.5 14"/><path d="M4 9.5h10a5.5 5.5 0 0 1 0 11h-4"/>',
  menu: '<path d="M4 7h16M4 12h16M4 17h16"/>',
  info: '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.6v.1"/>',
  bell: '<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 21h4M12 5V3"/>',
  key: '<circle cx="8" cy="15.5" r="4.5"/><path d="m11.3 12.3 8.2-8.2M16 7.5l2.5 2.5"/>',
  chat: '<path d="M4 5h16v11.5h-9L6.5 20v-3.5H4z"/><path d="M8 9.2h8M8 12.5h5"/>',
  gear: '<circle cx="12" cy="12" r="3"/><path d="M12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M18.4 5.6l-2.2 2.2M7.8 16.2l-2.2 2.2"/>',
  tools:
    '<path d="M14.5 6.5a4 4 0 0 1 5-3l-2.5 2.5 1.5 2.5 3-.5a4 4 0 0 1-5.3 3.6L8 20a2.1 2.1 0 0 1-3-3l8.2-8.2a4 4 0 0 1 1.3-2.3z"/>',
  plane:
    '<path d="M10 13.5 3 11l1-1.5 7 .5 4.5-5.2c1-1.1 2.8-1.7 3.7-.8.9.9.3 2.7-.8 3.7L13.2 12l.8 7-1.5 1-2.5-6.5zM7.5 16l-2.5.5"/>',
  eq: '<path d="M5 9.5h14M5 14.5h14"/>',
  ne: '<path d="M5 9.5h14M5 14.5h14M16 4.5 8 19.5"/>',
  sim: '<path d="M4 10.5c2.7-3 5.3-3 8-.5s5.3 2.5 8-.5M4 15.5c2.7-3 5.3-3 8-.5s5.3 2.5 8-.5"/>',
  ride: '<circle cx="8" cy="5" r="2"/><circle cx="16" cy="7" r="2"/><path d="M8 8.5v6M8 14.5l-2 6M8 14.5l2 6M16 10.5v4.5M16 15l-1.5 5.5M16 15l1.5 5.5M8 10.5l4 2.5 4-1.5"/>',
} as const

export type IconName = keyof typeof ICONS

/** All icons there are, for the design page and the tests. */
export const ICON_NAMES = Object.keys(ICONS) as IconName[]

/**
 * A picture beside a word. Never without one: it is hidden from screen readers.
 * It only refers to a symbol; `sprite` brings the symbols a page uses.
 */
export const Icon = ({
  name,
  turn,
}: {
  name: IconName /** Turns over when its `<details>` opens. */
  turn?: boolean
}) => (
  <svg class={turn ? 'i turn' : 'i'} aria-hidden="true">
    <use href={`#i-${name}`} />
  </svg>
)

/** The hidden `<svg>` with exactly the symbols that `html` uses, so that no page pays for the others; '' without any. */
export function sprite(html: string): string {
  const used = new Set<IconName>()
  for (const [, name] of html.matchAll(/<use href="#i-([a-z-]+)"/g))
    if (Object.hasOwn(ICONS, name!)) used.add(name as IconName)
  if (used.size === 0) return ''
  const symbols = [...used].map((name) => `<symbol id="i-${name}" viewBox="0 0 24 24">${ICONS[name]}</symbol>`)
  return `<svg hidden>${symbols.join('')}</svg>`
}
