/** The longest time of Node's timers in milliseconds; a longer one would end at once. */
const longestMs = 2 ** 31 - 1;

/** Calls back at a time however far away. @returns a function that gives up */
export function callAt(time: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    const left = time - Date.now();
    timer = left > longestMs ? setTimeout(wait, longestMs) : setTimeout(callback, Math.max(0, left));
  };
  wait();
  return () => clearTimeout(timer);
}
