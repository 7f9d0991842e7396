/**
 * Types of file systems that hold nothing, so that they cannot fill up, as a regular expression for node exporters. A
 * container's own root is an overlay, which node exporters leave out by themselves, and does fill up.
 */
export const fileSystemsOfTheKernel =
  '^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|mqueue|nsfs|proc|procfs|pstore|securityfs|selinuxfs|squashfs|sysfs|tmpfs|tracefs)$';
