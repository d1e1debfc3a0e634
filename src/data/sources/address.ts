/** How data at an address is brought here, by the address's scheme. */
const COMMANDS: Readonly<Record<string, (address: string) => string>> = {
  s3: (address) => `aws s3 sync ${address} DIR`,
  gs: (address) => `gcloud storage rsync --recursive ${address} DIR`,
  hf: (address) =>
    `hf download ${
      address.replace(/^hf:\/\/(datasets\/)?/, "")
    } --repo-type dataset --local-dir DIR`,
  http: (address) => `wget --directory-prefix DIR "${address}"`,
  https: (address) => `wget --directory-prefix DIR "${address}"`,
  pipe: () => "run the command behind pipe: into a file of DIR",
};

/**
 * Refuses data that lies elsewhere.
 *
 * @throws {Error} If the source is an address; the message says how to download it.
 */
export function refuseAddress(source: string): void {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(source)?.[1].toLowerCase() ??
    (source.startsWith("pipe:") ? "pipe" : undefined);
  if (scheme === undefined) return;
  const command = COMMANDS[scheme]?.(source) ?? "download it to a folder DIR";
  throw new Error(
    `Cannot read images from ${source}: only files on this machine are read. First ${command}, then give DIR`,
  );
}
