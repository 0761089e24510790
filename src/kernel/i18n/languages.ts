/**
 * The languages people can choose, in the order of the chooser. To add one: a line here, its `formats` in
 * format.ts, and a messages file beside each English one. Nothing else may count languages.
 */
export const LANGUAGES = ['tg', 'ru', 'en'] as const

export type Lang = (typeof LANGUAGES)[number]

/** Each language's name written in itself. */
export const LANGUAGE_NAMES: Record<Lang, string> = { tg: 'Тоҷикӣ', ru: 'Русский', en: 'English' }

/** Where a text is looked for when a language lacks it: what most of its readers read next. */
export const FALLBACKS: Record<Lang, readonly Lang[]> = { tg: ['ru', 'en'], ru: ['en'], en: [] }

export const isLang = (text: string | undefined): text is Lang => LANGUAGES.includes(text as Lang)
