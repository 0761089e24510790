import { SaxesParser } from 'saxes'
import { FileProblem } from './table.ts'

/** What a handler is told of an XML file; names are without their prefix. */
export type XmlHandler = {
  open?(name: string, attributes: Record<string, string>): void
  text?(text: string): void
  close?(name: string): void
}

/**
 * Reads XML chunk by chunk; yields after each, so that whoever collects can pass on what it has.
 * A DOCTYPE is refused: spreadsheets have none, attacks do.
 *
 * @throws {FileProblem} when it is not well formed
 */
export async function* readXml(chunks: AsyncIterable<Buffer>, handler: XmlHandler): AsyncGenerator<void> {
  const parser = new SaxesParser()
  const decoder = new TextDecoder()
  parser.on('opentag', ({ name, attributes }) => handler.open?.(local(name), attributes as Record<string, string>))
  parser.on('closetag', ({ name }) => handler.close?.(local(name)))
  parser.on('text', (text) => handler.text?.(text))
  parser.on('cdata', (text) => handler.text?.(text))
  const refuse = () => {
    throw new FileProblem('broken')
  }
  parser.on('doctype', refuse)
  parser.on('error', refuse)
  for await (const chunk of chunks) {
    parser.write(decoder.decode(chunk, { stream: true }))
    yield
  }
  parser.close()
  yield
}

const local = (name: string) => name.slice(name.indexOf(':') + 1)
