import { lookup as resolve } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";

/** Addresses that hand out credentials of the machine or cloud, or lead nowhere: never asked, whatever name leads to them. */
const never = new BlockList();
never.addSubnet("169.254.0.0", 16, "ipv4");
never.addSubnet("0.0.0.0", 8, "ipv4");
never.addSubnet("224.0.0.0", 4, "ipv4");
never.addAddress("255.255.255.255", "ipv4");
// Two clouds give credentials at addresses outside of the link-local range.
never.addAddress("100.100.100.200", "ipv4");
never.addAddress("fd00:ec2::254", "ipv6");
never.addSubnet("fe80::", 10, "ipv6");
never.addSubnet("ff00::", 8, "ipv6");
never.addAddress("::", "ipv6");

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** A name or address that must not be asked. */
export class AddressRefused extends Error {
  override readonly name = "AddressRefused";
}

function family(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}

/** The host of a URL without the brackets of IPv6. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

/** This machine may be asked where the configuration says so in so many words; a name that only resolves to it may not. */
function isThisMachine(host: string): boolean {
  return host === "localhost" || (isIP(host) !== 0 && loopback.check(host, family(host)));
}

function refuse(address: string, host: string): string | undefined {
  const kind = family(address);
  if (never.check(address, kind)) return `${host} leads to ${address}, an address that is never asked`;
  if (loopback.check(address, kind) && !isThisMachine(host)) return `${host} leads to this machine (${address})`;
  return undefined;
}

/** Throws AddressRefused where the address itself, without any name, must not be asked. */
export function checkAddress(url: URL): void {
  const host = hostOf(url);
  const why = isIP(host) === 0 ? undefined : refuse(host, host);
  if (why !== undefined) throw new AddressRefused(why);
}

/** Name resolution for one question: the addresses that are checked are the ones that are connected to. */
export function guardedLookup(url: URL): LookupFunction {
  const host = hostOf(url);
  return (name, options, done) => {
    resolve(name, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, []);
      const why = found.map(({ address }) => refuse(address, host)).find((one) => one !== undefined);
      if (why !== undefined) return done(new AddressRefused(why), []);
      const [first] = found;
      if (options.all === true || first === undefined) return done(null, found);
      return done(null, first.address, first.family);
    });
  };
}
