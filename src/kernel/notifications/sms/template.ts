/** What fills the template of a gateway's request in: `{to}`, `{digits}`, `{text}`, `{sender}`, `{key}`. */
type Filling = { to: string; text: string; sender: string; key: string }

const JSON_START = /^\s*[{[]/

/** Whether this is a template we can fill in: JSON or a form that holds a text and a number. For the settings. */
export function isSmsTemplate(template: string): boolean {
  if (JSON_START.test(template)) {
    try {
      JSON.parse(template)
    } catch {
      return false
    }
  } else if (!/^[^=&]+=[^&]*(&[^=&]+=[^&]*)*$/.test(template)) return false
  return template.includes('{text}') && /\{(to|digits)\}/.test(template)
}

/** The body of one request. Values are filled into a template already read, so that none can break out of its place. */
export function fillTemplate(template: string, filling: Filling): { type: string; body: string } {
  const holes: Record<string, string> = { ...filling, digits: filling.to.replace('+', '') }
  const fill = (text: string) => text.replace(/\{(to|digits|text|sender|key)\}/g, (_, name: string) => holes[name]!)
  if (JSON_START.test(template)) {
    const body = JSON.stringify(JSON.parse(template), (_, value) => (typeof value === 'string' ? fill(value) : value))
    return { type: 'application/json', body }
  }
  const form = new URLSearchParams(template)
  const filled = new URLSearchParams(Array.from(form, ([name, value]) => [name, fill(value)]))
  return { type: 'application/x-www-form-urlencoded', body: String(filled) }
}
