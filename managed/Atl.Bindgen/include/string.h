/* Empty: the bodies that need it are not read. */
