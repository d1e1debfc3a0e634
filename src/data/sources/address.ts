const run = (command: string) => `Run \`${command}\``;

/** How data at an address is brought here, by the address's scheme. */
const COMMANDS: Readonly<Record<string, (address: string) => string>> = {
  s3: (address) => run(`aws s3 sync ${address} DIR`),
  gs: (address) => run(`gcloud storage rsync --recursive ${address} DIR`),
  hf: (address) =>
    run(
      `hf download ${
        address.replace(/^hf:\/\/(datasets\/)?/, "")
      } --repo-type dataset --local-dir DIR`,
    ),
  http: (address) => run(`wget --directory-prefix DIR "${address}"`),
  https: (address) => run(`wget --directory-prefix DIR "${address}"`),
  pipe: () => "Run the command behind pipe: into a file of DIR",
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
  const command = COMMANDS[scheme]?.(source) ?? "Download it to a folder DIR";
  throw new Error(
    `Cannot read images from ${source}: only local files are read. ${command}, then pass DIR`,
  );
}
