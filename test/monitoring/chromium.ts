import puppeteer, { type Browser } from 'puppeteer-core';
import { locateProgram } from '../../local/setup/programs.mjs';

/** The path of a Chromium, where one is installed. */
export const chromium = locateProgram('chromium') ?? locateProgram('google-chrome');

/** Starts Chromium without a window. */
export function startChromium(path: string): Promise<Browser> {
  return puppeteer.launch({
    executablePath: path,
    headless: true,
    // The page is our own; a container has neither a sandbox nor much shared memory.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
}
