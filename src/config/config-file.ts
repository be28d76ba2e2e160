/** Where the configuration is when nobody names another file; this one need not exist. */
export const CONFIG_FILE = ".github/plumbline.yaml";
