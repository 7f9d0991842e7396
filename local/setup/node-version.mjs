/** The oldest Node.js that runs the platform, as in package.json's `engines`. */
const oldest = { major: 20, minor: 19 };

/**
 * Why a version of Node.js is too old, as one line for the user; `undefined` when it is fine.
 * @param {string} version e.g. `20.19.0`
 * @returns {string | undefined}
 */
export function nodeTooOld(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return undefined;
  return `SmartEats needs Node.js ${oldest.major}.${oldest.minor} or newer; this is ${version}. See https://nodejs.org/en/download`;
}
