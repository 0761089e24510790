import { LANGUAGES } from '../i18n/languages.ts'

const WORK = new RegExp(`^/(?:${LANGUAGES.join('|')})/work(?:[/?][\\x21-\\x7e]*)?$`)

/**
 * Where to go after signing in: the page of the workspace that was asked for, or the fallback. Only a path on this
 * site below `/{lang}/work`: nothing that a browser could read as another host.
 */
export function returnPath(asked: string | null | undefined, fallback: string): string {
  return asked && asked.length <= 500 && WORK.test(asked) && !/[\\]|\/[/.]|\.\./.test(asked.split('?')[0]!)
    ? asked
    : fallback
}
