import { BlockList, isIP } from 'node:net'
import type { Config } from '../config.ts'

// What is not the public Internet (IANA special-purpose registries), and Azure's metadata, which poses as public.
const SPECIAL_4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24'],
  ...['198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4', '168.63.129.16/32'],
]
// Of IPv6 only global unicast is public, without what stands for other addresses (Teredo, 6to4) or for nothing.
const GLOBAL_6 = ['2000::/3']
const SPECIAL_6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20']
const LOOPBACK = { ipv4: ['127.0.0.0/8'], ipv6: ['::1/128'] }

const list = (ipv4: readonly string[], ipv6: readonly string[]) => {
  const made = new BlockList()
  for (const [ranges, family] of [
    [ipv4, 'ipv4'],
    [ipv6, 'ipv6'],
  ] as const)
    for (const range of ranges) {
      const [net, bits] = range.split('/') as [string, string]
      made.addSubnet(net, Number(bits), family)
    }
  return made
}
const special = list(SPECIAL_4, SPECIAL_6)
const global = list([], GLOBAL_6)
const loopback = list(LOOPBACK.ipv4, LOOPBACK.ipv6)

/** Whether an IP address belongs to the public Internet. */
export function isPublic(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !special.check(address, 'ipv4')
  // An IPv4 address in the clothes of IPv6, or one with a zone, is none of these.
  return family === 6 && !address.includes('%') && global.check(address, 'ipv6') && !special.check(address, 'ipv6')
}

/** Whether an IP address is this machine. */
export const isThisMachine = (address: string): boolean =>
  isIP(address) === 4 ? loopback.check(address, 'ipv4') : isIP(address) === 6 && loopback.check(address, 'ipv6')

/** Whether calls may also stay on this machine: where one tries things out. */
export const mayStayHere = ({ production, loopback: here }: Pick<Config, 'production' | 'loopback'>): boolean =>
  !production && here

/**
 * An address that calls may go to, as far as it can be seen without asking for its name: https, no login in it, not an IP
 * address of some private network. With `local` also http and this machine. Null when it is none.
 */
export function readAddress(text: string, local: boolean): URL | null {
  const url = URL.parse(text)
  if (!url || url.username || url.password || url.hash) return null
  const host = hostOf(url)
  const here = host === 'localhost' || isThisMachine(host)
  if (isIP(host) ? !isPublic(host) && !(local && here) : !/\.[a-z]/i.test(host) && !(local && here)) return null
  return url.protocol === 'https:' || (local && url.protocol === 'http:') ? url : null
}

/** The host of an address as resolvers and sockets want it: an IPv6 address without its brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '')
